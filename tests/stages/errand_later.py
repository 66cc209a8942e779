"""The same work as :mod:`tests.stages.errand`, in a module that nothing else imports."""

from tests.stages.errand import run

__all__ = ["run"]
