"""How many people a queue needs: exact formulas for waiting lines."""
