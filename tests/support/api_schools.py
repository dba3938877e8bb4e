"""Two samples of Californian schools, the example data of R survey, so that its results can be met.

Academic Performance Index of 2000 (``api00``), California Department of Education; the samples
``apiclus1`` (15 districts, all their schools) and ``apistrat`` (100 E, 50 H, 50 M) of Lumley's
package survey. A school is written as its type (E elementary, M middle, H high) and index; in the
cluster sample a small letter says that it missed its school-wide target (sch.wide = No).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TYPES = "EHM"
#: Schools of each type, and with and without the school-wide target, in California (6,194 in all).
SCHOOLS_OF_TYPE = np.array([4421.0, 755.0, 1018.0])
SCHOOLS_BY_TARGET = np.array([1072.0, 5122.0])
CLUSTER_WEIGHT = 33.846996307373
STRATUM_WEIGHTS = {"E": 44.2099990844727, "H": 15.1000003814697, "M": 20.3600006103516}

DISTRICTS = (
    "H608 E684 E612 E710 E729 E714 E759 E585 E625 M664 M669",
    "H443 E467 M482 E496",
    "m411 E494",
    "E493 m592 E550 M689 m598 E628 E652 E628 E832 E777 E709 e709 E736",
    "E561 E555",
    "h696 m631 E564 E602",
    "H529 E491 E510 m547",
    "E814 E806 E715 E785 M720 E905 M617 E630 E629 E696 E476 E757 E825 E595 e552 M847",
    "H714 H724 h687 H723 E662 e699 E807 M679 E691",
    (
        "E622 E754 E655 E764 E795 E505 e638 E733 E523 E511 E710 E657 E602 E490 e664 E651 E603 E698"
        " E511 E814 E669 e711 E538 E705 E595 E551 E762 E521 E709 E780 E780 E722 E828 E737"
    ),
    (
        "h595 H661 E502 m614 E585 E582 M642 E536 E746 E667 e629 E745 E674 E637 E696 E632 E639 E745"
        " E789 M656 E789"
    ),
    (
        "H517 H478 H582 E592 E587 E553 E516 E535 E566 e481 E472 E559 E610 E599 E551 E554 e561 e505"
        " e492 E504 E487 E627 E465 E529 E625 E436 E542 e515 M461 M528 M512 M508 E670 E760 E652 E546"
        " E717"
    ),
    "E701 E748 E735 m699 E685 E827 M711 E677 m759 E697 E742 E691 E700",
    "E551",
    "H703 E676 E714 E842 E824 E717 E836 M733 E719 M817 E749 E781",
)
STRATIFIED = (
    "E840 E516 E531 E501 E720 E805 E778 E731 E592 E669 M496 M505 H467 M409 H522 E497 E638 M609"
    " M867 E534 E705 M685 E761 H455 H509 E771 H681 H666 E751 M647 M745 E474 E832 E559 H582 E765"
    " M694 M676 H641 E744 M870 H510 E865 H527 E782 E745 H681 M500 M679 E892 M552 E619 E616 E703"
    " E509 H724 M559 M650 E806 E759 E740 E642 E565 M565 H525 E726 E863 E765 E893 M443 M774 E398"
    " E539 M668 E776 E580 M581 E503 E724 E476 H712 E529 E870 E746 E836 H680 E756 M878 H784 E423"
    " E588 E606 E632 M753 E651 H743 E553 H593 M528 E676 E861 M678 H518 M535 E588 E597 H770 E884"
    " M667 E819 H721 M534 H713 E542 M648 H816 E509 E493 M551 M485 E893 H641 E709 E596 M765 E609"
    " E671 E720 E669 H667 M743 M403 H610 E650 E836 M695 E542 H618 E578 M551 E814 M467 E777 H717"
    " H610 E719 H868 H678 E617 H418 M669 E856 E723 M773 E609 M780 M693 M635 H712 E676 M660 E668"
    " H784 H472 E421 H764 H646 H585 H556 M733 M657 E667 M606 H600 M522 H599 H706 H409 E631 H635"
    " M601 H477 E845 M819 E631 E696 E714 E788 E667 H710 E568 H453 H546 E847 E679 E477 H646 M627"
    " E521 H624"
)


def cluster_sample() -> tuple[Floats, Ints, Ints, Ints]:
    """Index, type (place in ``TYPES``), target met (0 or 1) and district of 183 schools."""
    rows = [(d, school) for d, line in enumerate(DISTRICTS) for school in line.split()]
    index = np.array([float(school[1:]) for _, school in rows])
    kind = np.array([TYPES.index(school[0].upper()) for _, school in rows])
    met = np.array([int(school[0].isupper()) for _, school in rows])
    return index, kind, met, np.array([d for d, _ in rows])


def stratified_sample() -> tuple[Floats, Ints, Floats]:
    """Index, stratum (place in ``TYPES``) and weight of 200 schools."""
    schools = STRATIFIED.split()
    index = np.array([float(school[1:]) for school in schools])
    stratum = np.array([TYPES.index(school[0]) for school in schools])
    return index, stratum, np.array([STRATUM_WEIGHTS[school[0]] for school in schools])
