"""Contact, agent, offer and slot: who is with whom at this moment. The only owner of these four."""
