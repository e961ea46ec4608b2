"""What each picture says of itself: caption, alternative text, credit.

Every picture is an illustration and says so in its credit; no caption claims a camera.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 1600
HEIGHT = 1067


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture's words. ``href`` is how a wire file names it."""

    name: str
    caption: str
    alt: str
    credit: str

    @property
    def href(self) -> str:
        return f"pictures/{self.name}.jpg"


_DESK = "Illustration: QPEL Graphics"
_MERIDIAN = "Illustration: Ottilie Brand/Meridian"
_HALYARD = "Illustration: Halyard Studio"
_LODESTAR = "Illustration: Ines Corvo/Lodestar"

_ALL = (
    Caption(
        "river-bridge",
        "The Tamsin Street bridge over the Sorrel River at dusk.",
        "A three-arched bridge over a calm river under an orange evening sky.",
        _DESK,
    ),
    Caption(
        "river-flood",
        "High water in the Lowmarket district of Port Ellery.",
        "Brown flood water around three row houses and a wall of sandbags.",
        _MERIDIAN,
    ),
    Caption(
        "courthouse",
        "The Tamsin County Courthouse in Port Ellery.",
        "A pale courthouse with six columns and broad steps under a blue sky.",
        _MERIDIAN,
    ),
    Caption(
        "school",
        "Eastgate Elementary School on a weekday morning.",
        "A red-brick school with a small bell tower, a tree and a yellow bus.",
        _DESK,
    ),
    Caption(
        "snow-street",
        "Main Street in Wexcombe after a night of snow.",
        "Small houses with lit windows on a street deep in snow at night.",
        _MERIDIAN,
    ),
    Caption(
        "stadium",
        "Weir Road Field under its lights before an evening match.",
        "A green playing field under floodlights, its stands full of people.",
        _HALYARD,
    ),
    Caption(
        "harbour",
        "Sailing boats in the inner harbour of Port Ellery.",
        "White sailing boats on turquoise water before a row of gabled houses.",
        _LODESTAR,
    ),
    Caption(
        "council-chamber",
        "The council chamber in Port Ellery City Hall.",
        "A curved wooden bench with nine chairs in front of tall windows.",
        _MERIDIAN,
    ),
    Caption(
        "wheat-field",
        "Wheat near Marsh Hollow in the lower Sorrel valley.",
        "Golden wheat in rows beneath a wide sky with a red barn on the horizon.",
        _HALYARD,
    ),
    Caption(
        "election-map",
        "Precincts of the Fourth District, shaded by the winner's share of the vote.",
        "A map of 25 precincts shaded from light to dark in two colours.",
        _MERIDIAN,
    ),
    Caption(
        "skyline",
        "The skyline of Dunmarrow, the state capital, in the morning.",
        "City towers in layers of blue and violet before a rising sun.",
        _DESK,
    ),
    Caption(
        "train",
        "A train crosses the flats between Marsh Hollow and the coast.",
        "A red and cream train on an embankment before green hills.",
        _LODESTAR,
    ),
    Caption(
        "lighthouse",
        "The Ellery Bay light.",
        "A red and white striped lighthouse on a rock, its beam across a dark sky.",
        _LODESTAR,
    ),
    Caption(
        "fire-engine",
        "A fire engine at the Port Ellery waterfront.",
        "A red fire engine before a brick building with flames in its windows.",
        _HALYARD,
    ),
    Caption(
        "hospital",
        "Ellery Bay Medical Center and its new stroke wing.",
        "A white hospital with rows of windows and a helicopter pad on its roof.",
        _DESK,
    ),
    Caption(
        "library",
        "A reading room with a view of the street.",
        "Tall shelves of coloured books beside an arched window and a lamp.",
        _HALYARD,
    ),
    Caption(
        "wind-turbines",
        "Wind turbines off Cape Orrin.",
        "Five white wind turbines standing in a green sea, a fishing boat below.",
        _MERIDIAN,
    ),
    Caption(
        "wetland",
        "The wetland at Marsh Hollow in early light.",
        "A heron among reeds in still water with a pale sun behind mist.",
        _MERIDIAN,
    ),
    Caption(
        "ice-rink",
        "Lamplight Arena, home of the Lanterns.",
        "An ice rink from above the stands, with two players and a goal.",
        _HALYARD,
    ),
    Caption(
        "mill",
        "A mill on the upper Sorrel River.",
        "A brick mill with a saw-tooth roof and two chimneys beside a weir.",
        _MERIDIAN,
    ),
    Caption(
        "theatre",
        "A stage before the curtain goes up.",
        "A red theatre curtain drawn half open on a stage with a painted moon.",
        _LODESTAR,
    ),
    Caption(
        "market",
        "Stalls on Customs Square in Port Ellery.",
        "Market stalls with striped awnings under strings of lights at dusk.",
        _DESK,
    ),
    Caption(
        "observatory",
        "The observatory on Mount Hesper.",
        "An observatory dome with an open slit under a sky full of stars.",
        _LODESTAR,
    ),
    Caption(
        "orchard",
        "An orchard at the edge of the hills.",
        "Rows of round fruit trees with red and yellow fruit on a green slope.",
        _LODESTAR,
    ),
    Caption(
        "city-bus",
        "A night bus on Foundry Street.",
        "A blue city bus with lit windows on a street at night.",
        _HALYARD,
    ),
    Caption(
        "mountain-road",
        "The old road over the Grayback pass.",
        "A road winding up between layered mountains toward a yellow sky.",
        _HALYARD,
    ),
    Caption(
        "statehouse",
        "The State House in Dunmarrow.",
        "A domed government building with a flag, behind a row of trees.",
        _MERIDIAN,
    ),
    Caption(
        "water-tower",
        "The water tower above Wexcombe.",
        "A round water tower on six legs above a town's roofs at sunset.",
        _HALYARD,
    ),
    Caption(
        "ferry",
        "The ferry Constance Orrin on Orrin Sound.",
        "A white and green car ferry on blue water with islands behind.",
        _HALYARD,
    ),
    Caption(
        "forecast",
        "Weather chart of the Kerravane coast.",
        "A weather map with a cold front, isobars, a high and a low.",
        _DESK,
    ),
    Caption(
        "budget-chart",
        "Enrollment in Port Ellery schools over nine years.",
        "A bar chart falling from left to right beside a pencil and a school roof.",
        _MERIDIAN,
    ),
    Caption(
        "solar-farm",
        "A power station on a northern island.",
        "Rows of solar panels on a hillside and a large steel tank by the sea.",
        _LODESTAR,
    ),
    Caption(
        "concert",
        "A string instrument on a workshop bench.",
        "A violin and bow on a wooden bench with shavings and a window behind.",
        _LODESTAR,
    ),
    Caption(
        "classroom",
        "A classroom at Brindle Consolidated School.",
        "A blackboard, desks in two rows and a globe in a sunlit classroom.",
        _HALYARD,
    ),
    Caption(
        "bakery",
        "A bakery on Orchard Street before opening time.",
        "A shop window with loaves and rolls under a striped awning at dawn.",
        _HALYARD,
    ),
    Caption(
        "storm-sea",
        "Heavy weather off Cape Orrin.",
        "Dark waves with white crests under heavy clouds and slanting rain.",
        _HALYARD,
    ),
    Caption(
        "forest",
        "The trail below Mount Hesper in fog.",
        "Layers of fir trees fading into fog with a narrow path between.",
        _HALYARD,
    ),
    Caption(
        "port-cranes",
        "Cranes at the grain terminal in Port Ellery.",
        "Three harbour cranes over a ship stacked with coloured containers.",
        _DESK,
    ),
)

CAPTIONS = {caption.name: caption for caption in _ALL}
