"""What the tests of the command line stand on."""

from tests.fixtures.command import shopbell as shopbell
