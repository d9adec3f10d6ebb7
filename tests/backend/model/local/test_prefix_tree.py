from hypothesis import given
from hypothesis import strategies as st

from syndisco_nb.backend.model.local.prefix_tree import prefix_tree


def test_what_prompts_share_is_kept_once():
    head, stem = tuple(range(40)), tuple(range(100, 140))
    prompts = {0: (*head, *stem, 7), 1: (*head, *stem, 8, 9), 2: (*head, 50), 3: (*head, 50), 4: (*head, *stem)}
    (root,) = prefix_tree(prompts)
    assert (root.piece, root.ends) == (head, [])
    long, short = root.children
    assert (long.piece, long.ends, [(one.piece, one.ends) for one in long.children]) == (
        stem,
        [4],
        [((7,), [0]), ((8, 9), [1])],
    )
    assert (short.piece, short.ends, short.children) == ((50,), [2, 3], [])


def test_too_little_in_common_is_not_worth_sharing():
    assert [node.piece for node in prefix_tree({0: (1, 2, 3), 1: (1, 2, 4)})] == [(1, 2, 3), (1, 2, 4)]


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=60).map(tuple), min_size=1, max_size=30),
)
def test_every_prompt_stands_once_in_the_tree(prompts):
    prompts = [(*(9,) * 30, *prompt) for prompt in prompts]

    def walk(nodes, before):
        for node in nodes:
            path = (*before, *node.piece)
            yield from ((number, path) for number in node.ends)
            yield from walk(node.children, path)

    assert sorted(walk(prefix_tree(dict(enumerate(prompts))), ())) == list(enumerate(prompts))


def test_a_prefix_that_is_known_is_left_out():
    prompts = {0: (1, 2, 3, 4), 1: (1, 2, 5)}
    assert [(node.piece, node.ends) for node in prefix_tree(prompts, 2)] == [((3, 4), [0]), ((5,), [1])]
    assert [(node.piece, node.ends) for node in prefix_tree({0: (1, 2), 1: (1, 2)}, 2)] == [((), [0, 1])]
