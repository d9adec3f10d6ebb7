"""Users who cannot hold the discussions are refused."""

import pytest
from support.experiments import discuss, person

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError


def refused(given, users):
    with pytest.raises(InvalidInputError) as caught:
        discuss(**{"users": users, **given})
    return str(caught.value)


def test_one_user_is_counted_in_the_singular():
    assert "num_active_users is 2, but only 1 user was given." in refused({}, [person("Ana")])


@pytest.mark.parametrize("manager", [snb.Hosted(2, host="Nobody"), snb.Weighted({"Ana": 1, "Nobody": 3})])
def test_a_turn_manager_that_speaks_of_strangers_is_refused(users, manager):
    with pytest.raises(InvalidInputError, match=r"speaks of Nobody, but the users are: Ana, Ben, Cem"):
        discuss(users, turn_manager=manager)
