"""Speakers as HTML: each with a strip of when they spoke."""

from itertools import groupby

from syndisco_nb.display.page import Speaker, Speakers
from syndisco_nb.display.writers.html_elements import LIST, initials_circle, role_badge, speaker_name
from syndisco_nb.display.writers.safe_html import Html, join, tag


def speakers_list(block: Speakers) -> Html:
    """Return the speakers, a row each."""
    people = join([tag("li", _speaker(person)) for person in block.people], "\n")
    return tag("ul", people, class_="snb-who", style=LIST)


def _speaker(person: Speaker) -> Html:
    row = [
        initials_circle(person.name),
        tag("span", speaker_name(person.name, " · ".join(person.about) or None), Html(" "), role_badge(person)),
        _lane(person),
        tag("span", person.contribution, class_="snb-said"),
    ]
    class_, style = person.look.classes, person.look.beside
    if not person.about:
        return tag("div", join(row, " "), class_=f"snb-row {class_}".strip(), style=style)
    about = [tag("li", tag("bdi", line)) for line in person.about]
    return tag(
        "details",
        tag("summary", join(row, " ")),
        tag("ul", *about, class_="snb-about"),
        class_=class_ or None,
        style=style,
    )


def _lane(person: Speaker) -> Html:
    """Return a strip with a block for each stretch in which a person spoke, and a low one where they were silent."""
    width = 100_000 // max(1, len(person.lane))  # thousandths of a percent, rounded down: what is too wide would wrap
    shape, low = "display:inline-block;height:12px;width:", "display:inline-block;height:4px;margin-bottom:4px;width:"
    fill = f"background:{person.look.fill}"
    blocks = []
    for share, stretches in groupby(person.lane):
        number = len(list(stretches))
        if share is None:
            blocks += [f'<i style="{low}{width / 1000:g}%;{fill}"></i>'] * number
        elif share:
            paler = f";opacity:{0.25 + 0.75 * share:.2g}" if share < 1 else ""
            blocks += [f'<i style="{shape}{width / 1000:g}%;{fill}{paler}"></i>'] * number
        else:
            blocks.append(f'<i class="snb-off" style="{shape}{number * width / 1000:g}%"></i>')
    return tag("span", Html("".join(blocks)), class_="snb-lane", style="display:inline-block;width:300px;font-size:0")
