"""The simulation rig: the real handlers on effects in memory, one thread, virtual time, one seed one history.

loop.py        virtual time, tasks that may be interrupted between any two effects
faults.py      what goes wrong, how often, and how often it did
storage.py     the store, queues, stream, bus and push of the world, with their faults
carrier.py     the carrier and its callers; posts reach the real webhook, orders come through the real client
edges.py       media edges as the control plane sees them: rooms, legs, what they report
people.py      agents at their screens and callers in browsers
invariants.py  what must hold after every write, and at the end
world.py       all of it together, from a seed
crash.py       every effect of every handler killed before and after, enumerated
planted.py     bugs put into production code on purpose, and the seed that finds each
"""
