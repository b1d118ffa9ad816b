"""A publisher that is killed, as if by the machine, after so many swapped folders."""

import multiprocessing
import os
import signal

from pipeline import journal


def killed_after(swaps, publish, *, exchange=True, half=False):
    """Run ``publish()`` in a process that is killed before the swap of that number.

    Args:
        swaps: Swaps that still happen; more than there are lets it live.
        publish: What to run.
        exchange: Whether the system can swap two names in one step.
        half: With ``exchange`` off, die between the two renames of the next swap.

    Returns:
        The exit code, negative for a signal.
    """
    def run():
        left = swaps
        swap = journal._swap

        def counted(staged, target):
            nonlocal left
            if left == 0:
                if half and target.exists():
                    target.rename(staged.with_name(f"{staged.name}.old"))
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            swap(staged, target)

        journal._swap = counted
        if not exchange:
            journal._exchange = lambda _one, _other: False
        publish()

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join()
    return child.exitcode
