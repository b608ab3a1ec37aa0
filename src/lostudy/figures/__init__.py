"""Protected tables → figures of publication quality; nothing else is drawn."""

from lostudy.figures.answers import draw_answers
from lostudy.figures.change import draw_change
from lostudy.figures.coders import draw_coders
from lostudy.figures.codes import draw_codes
from lostudy.figures.drawn import Drawn
from lostudy.figures.flow import draw_flow
from lostudy.figures.joint import draw_joint
from lostudy.figures.levels import draw_levels
from lostudy.figures.parts import Names
from lostudy.figures.plane import draw_against
from lostudy.figures.portrait import draw_portrait
from lostudy.figures.profile import draw_profile
from lostudy.figures.response import draw_response
from lostudy.figures.saturation import draw_saturation
from lostudy.figures.specifications import draw_specifications
from lostudy.figures.together import draw_together

__all__ = [
    "Drawn",
    "Names",
    "draw_against",
    "draw_answers",
    "draw_change",
    "draw_coders",
    "draw_codes",
    "draw_flow",
    "draw_joint",
    "draw_levels",
    "draw_portrait",
    "draw_profile",
    "draw_response",
    "draw_saturation",
    "draw_specifications",
    "draw_together",
]
