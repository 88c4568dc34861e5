"""Legs: what became of conversations that were handed on, apart from what came in from outside.

A customer's own interaction is counted once, with its first wait, by all other measures; every further leg is counted here, in the queue
and on the channel it stood in. With M legs, A_M of them answered, A_T answered within the target of their queue, and L abandoned:

    legs                M
    legs_abandoned      L
    leg_service_level   A_T / M
    leg_asa_s           sum of the waits of answered legs / A_M

The wait of a leg begins when it came about, whatever routing age it took along.
"""

from dataclasses import replace

from simulation.kpis.counts import ABANDONED, OFFERED
from simulation.kpis.service_level import SERVICE_LEVEL
from simulation.kpis.waits import ASA

LEGS = replace(OFFERED, name="legs", is_of_legs=True)
LEGS_ABANDONED = replace(ABANDONED, name="legs_abandoned", is_of_legs=True)
LEG_SERVICE_LEVEL = replace(SERVICE_LEVEL, name="leg_service_level", is_of_legs=True)
LEG_ASA = replace(ASA, name="leg_asa_s", is_of_legs=True)
