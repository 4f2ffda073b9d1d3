"""The company of ``make soak NAME=live``: who calls, who answers, what is killed, and who judges it all."""
