"""What the supplied material could have shown."""

from __future__ import annotations

from datetime import date

from commtrace.brief import Brief, Custodian

GINA, OLI = "gina@wantsum.example", "oli@taxis.example"


def test_without_a_supplied_mailbox_nothing_is_covered(mail, view):
    brief = Brief(custodians=(Custodian(name="Gina", address=GINA, since=date(2022, 1, 1)),))
    assert view([mail("2022-01-10 09:00", GINA, OLI)], brief).coverage == ()


def test_a_declared_window_is_used(mail, view):
    brief = Brief(
        custodians=(
            Custodian(name="Gina", address=GINA, since=date(2022, 1, 1), until=date(2022, 3, 31)),
        )
    )
    (stretch,) = view([mail("2022-01-10 09:00", GINA, OLI, held_by=["Gina"])], brief).coverage
    assert (stretch.first, stretch.last, stretch.basis) == (
        date(2022, 1, 1), date(2022, 3, 31), "declared",
    )  # fmt: skip
    assert stretch.completeness is None


def test_without_a_window_it_runs_from_the_first_item_to_the_last(mail, view):
    seen = view([
        mail("2022-02-01 09:00", GINA, OLI, held_by=[GINA]),
        mail("2022-02-20 09:00", OLI, GINA, held_by=[GINA]),
    ])  # fmt: skip
    (stretch,) = seen.coverage
    assert (stretch.first, stretch.last, stretch.basis) == (
        date(2022, 2, 1), date(2022, 2, 20), "inferred",
    )  # fmt: skip
    (gina,) = (who for who in seen.identities if who.id == stretch.identity)
    assert gina.members[0].address == GINA


def test_an_item_of_a_wrong_clock_does_not_stretch_what_is_covered(mail, view):
    """A machine without a battery dates its mail 1 January 1980; another is ten years ahead."""
    days = ("1980-01-01", "2022-02-01", "2022-02-09", "2022-02-20", "2032-02-20")
    seen = view([mail(f"{day} 09:00", GINA, OLI, held_by=[GINA]) for day in days])
    (stretch,) = seen.coverage
    assert (stretch.first, stretch.last) == (date(2022, 2, 1), date(2022, 2, 20))
    assert [w.covered for w in seen.weeks if w.week.year == 1980] == [False] * 52


def test_two_items_years_apart_are_all_that_is_known_of_a_mailbox(mail, view):
    days = ("2019-02-01", "2022-02-01")
    seen = view([mail(f"{day} 09:00", GINA, OLI, held_by=[GINA]) for day in days])
    (stretch,) = seen.coverage
    assert (stretch.first, stretch.last) == (date(2019, 2, 1), date(2022, 2, 1))


def test_a_copy_elsewhere_proves_a_copy_here(mail, view):
    """Oli holds three that Gina sent him; Gina's own mailbox holds two of them."""
    seen = view([
        mail("2022-02-01 09:00", GINA, OLI, "1", held_by=[OLI, GINA]),
        mail("2022-02-02 09:00", GINA, OLI, "2", held_by=[OLI]),
        mail("2022-02-03 09:00", GINA, OLI, "3", held_by=[OLI, GINA]),
    ])  # fmt: skip
    hers = next(s for s in seen.coverage if s.custodian == GINA)
    assert (hers.proven, hers.held, hers.completeness) == (3, 2, 2 / 3)
    week = next(w for w in seen.weeks if w.custodian == GINA)
    assert (week.week, week.held_sent, week.proven, week.matched) == (date(2022, 1, 31), 2, 3, 2)


def test_a_copy_outside_the_window_or_folder_proves_nothing(mail, view):
    brief = Brief(
        custodians=(
            Custodian(
                name="Gina", address=GINA, since=date(2022, 2, 1), until=date(2022, 2, 28),
                folders=("Inbox",),
            ),
        )
    )  # fmt: skip
    seen = view(
        [
            mail("2022-01-10 09:00", OLI, GINA, "before", held_by=[OLI]),
            mail("2022-02-10 09:00", GINA, OLI, "sent", held_by=[OLI]),
            mail("2022-02-11 09:00", OLI, GINA, "in", held_by=[OLI, "Gina"]),
        ],
        brief,
    )
    hers = next(s for s in seen.coverage if s.custodian == "Gina")
    assert (hers.proven, hers.held) == (1, 1)


def test_a_blind_copy_proves_nothing(mail, view):
    seen = view([
        mail("2022-02-01 09:00", OLI, "x@y.example", bcc=GINA, held_by=[OLI]),
        mail("2022-02-01 10:00", GINA, OLI, held_by=[GINA]),
        mail("2022-02-02 10:00", GINA, OLI, "2", held_by=[GINA]),
    ])  # fmt: skip
    assert next(s for s in seen.coverage if s.custodian == GINA).proven == 0


def test_an_empty_week_inside_the_window_is_shown_as_covered(mail, view):
    seen = view([
        mail("2022-02-01 09:00", GINA, OLI, held_by=[GINA]),
        mail("2022-02-15 09:00", GINA, OLI, "2", held_by=[GINA]),
    ])  # fmt: skip
    assert [(w.held_sent, w.covered) for w in seen.weeks] == [(1, True), (0, True), (1, True)]


def test_a_custodian_known_by_name_is_the_one_person_of_that_name(mail, view):
    seen = view([mail("2022-02-01 09:00", f"Gina Ray <{GINA}>", OLI, held_by=["Gina Ray"])])
    assert seen.coverage[0].identity == seen.identities[seen.sender[0]].id


def test_a_custodian_under_two_names_is_named_once_as_the_likely_holder(mail, view):
    brief = Brief(custodians=(Custodian(name="Gina Ray", address=GINA),))
    reply = mail("2022-02-01 09:00", GINA, OLI, mid="2@x", re="1@x", held_by=[GINA])
    (ghost,) = view([reply], brief).ghosts
    assert ghost.likely_holders == (GINA,)
