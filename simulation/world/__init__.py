"""The simulated world: customers and agents as SimPy stories around one router, in whole milliseconds.

Nothing here decides who gets whom and nothing here measures. The stories give the router the commands that telephones and desktops would
give it; every recorded event goes to the observers, what the router never hears to the witnesses, and measures are folds over these.
Whoever adds a story finds its room: what customers do (`customers`, `lines`, `coming_again`), what agents do (`agents`, `shifts`),
conversations handed on (`handing_on`) and call-backs (`callbacks`). `driver` knows the clock and the router, and starts what a story does
`on` an event; `clock` fixes the order of equal instants.
"""

from simulation.world.customers import ArrivalRefused
from simulation.world.driver import Observer
from simulation.world.world import Beyond, World

__all__ = ["ArrivalRefused", "Beyond", "Observer", "World"]
