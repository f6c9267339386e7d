"""Rules of the negotiation: the equations of the model as pure functions, each with its source.

Every argument is a number or an array whose first axis is the runs, and so is every result; nothing here knows of
agents, rounds or random numbers. Symbols are those of docs/explanation/model.md. Distrust is a probability in
[0, 1]; utility lies in [0, 1] for terms and is otherwise on the same scale; a *value* is an expected utility.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Real: TypeAlias = float | NDArray[np.float64]
"""A number that is the same in all runs, or one number a run, shape (runs,)."""

Truth: TypeAlias = bool | NDArray[np.bool_]
"""Yes or no: the same in all runs, or one answer a run, shape (runs,)."""

_TINY = 1e-300  # keeps 0/0 out of sizes whose numerator is 0 as well


# --- what a settlement is worth --------------------------------------------------------------------------------


def reservation(base: Real, front: Real, battlefield: Real, war_cost: Real, round_: Real) -> Real:
    """Return the reservation value in a round by the rule r_i + e_i·B(t) − c_i·t, in utility.

    This is the value of no settlement.
    Source: BATNA of bargaining theory (Nash 1950; Fisher & Ury 1981), eroded by war costs as in Zartman's (1989)
    hurting stalemate and moved by the battlefield as in Smith & Stam (2003, 2004).
    """
    return base + front * battlefield - war_cost * round_


def discounted_distrust(distrust: Real, guarantees: Iterable[Real]) -> Real:
    """Return the distrust left once guarantors share the risk, by the rule d·Π_g (1 − γ_g·(1 − d_ig)).

    `guarantees` holds γ_g·(1 − d_ig) for each guarantor: its strength times the trust put in it.
    Source: third-party guarantees against the commitment problem (Walter 1997, 2002).
    """
    for guarantee in guarantees:
        distrust = distrust * (1.0 - guarantee)
    return distrust


def joint_distrust(distrusts: Iterable[Real]) -> Real:
    """Return the probability that at least one other party reneges, by the rule D_i = 1 − Π_j (1 − d̃_ij).

    Source: product rule for independent beliefs; many veto players make settlement harder (Cunningham 2006).
    """
    kept: Real = 1.0
    for distrust in distrusts:
        kept = kept * (1.0 - distrust)
    return 1.0 - kept


def value(utility: Real, betrayed: Real, distrust: Real) -> Real:
    """Return the expected value of signing terms by the rule V_i = (1 − D_i)·u_i + D_i·min(s_i, u_i).

    s_i is the payoff when betrayed, which is never better than the terms being kept: terms worth less than s_i, such as
    a rival's first demands, or what leverage makes somebody sign, are worth u_i.
    Source: the commitment problem (Fearon 1995; Powell 2006) with distrust as a subjective probability.
    """
    return utility - distrust * np.maximum(utility - betrayed, 0.0)


def floor(least: Real, betrayed: Real, distrust: Real) -> Real:
    """Return the least utility that is worth signing, the floor, by the rule R_i = (m_i − D_i·s_i)/(1 − D_i).

    It is +inf at D_i = 1, and m_i itself where that is not above s_i.
    Source: `value` solved for u_i at V_i = m_i; the price of distrust (Fearon 1995).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        floors: Real = np.divide(least - distrust * betrayed, 1.0 - np.asarray(distrust))
    return np.where(np.asarray(least) <= betrayed, least, floors)


def mediated_least(least: Real, devaluation: Real, distrust: Real, leverage: Real) -> Real:
    """Return the least value wanted of the mediator's own text by the rule m_i + ρ_i·d_iM − L_i·(1 − d_iM).

    Source: reactive devaluation (Ross & Stillinger 1991) and mediation with muscle (Touval & Zartman 1985).
    """
    return least + devaluation * distrust - leverage * (1.0 - np.asarray(distrust))


# --- what a party asks -----------------------------------------------------------------------------------------


def elapsed(round_: float, pace: Real) -> Real:
    """Return the share of its own time that has elapsed for a party by a round, by the rule min(1, t/τ_i).

    Source: the clock of a time-dependent tactic (Faratin, Sierra & Jennings 1998), one for each party.
    """
    return np.minimum(round_ / np.asarray(pace), 1.0)


def conceded(elapsed_share: Real, concession: Real) -> Real:
    """Return the share of the way conceded by a round, by the concession rule φ_i(t) = min(1, t/τ_i)^(1/β_i).

    `elapsed_share` is min(1, t/τ_i). β < 1 is Boulware, β > 1 Conceder.
    Source: time-dependent polynomial tactic of Faratin, Sierra & Jennings (1998) with κ = 0.
    """
    share: Real = np.exp(np.log(elapsed_share) / concession)
    return share


def requirement(least: Real, spare: Real, conceded_share: Real) -> Real:
    """Return the value asked for in a round by the rule q_i(t) = m_i + max(V_i^max − m_i, 0)·(1 − φ_i(t)).

    `spare` is max(V_i^max − m_i, 0), all there is above the least. Source: aspiration falling to the reservation
    value (Faratin et al. 1998), here in value so that distrust hardens tactics by itself.
    """
    return least + spare * (1.0 - conceded_share)


def private_requirement(asks: Real, least: Real, caucus: Real, distrust: Real) -> Real:
    """Return the value asked of the mediator's own text in private, by the rule q_i − χ·(1 − d_iM)·(q_i − m_i).

    `distrust` is d_iM: a party says what it could live with as far as it trusts the mediator.
    Source: mediation as a confidential filter (Jarque, Ponsati & Sakovics 2003 as cited) and one-text mediation (Fisher
    1978).
    """
    return asks - caucus * (1.0 - np.asarray(distrust)) * (asks - least)


def error_about_floor(misjudgement: Real, deviate: Real, caucus: Real, distrust: Real) -> Real:
    """Return the mediator's error about a party's floor by the rule σ_M·z_i·(1 − χ·(1 − d_iM)), in utility.

    `deviate` is z_i, standard normal, `distrust` d_iM: whoever confides is not misjudged.
    Source: an assumption of this model; a mediator knows as much as parties reveal.
    """
    return misjudgement * deviate * (1.0 - caucus * (1.0 - np.asarray(distrust)))


def loss_allowed(spare: Real, conceded_share: Real, distrust: Real) -> Real:
    """Return the utility that a party may give away in its text, by the rule (V_i^max − q_i)/(1 − D_i).

    With this loss the party still has its requirement. Zero at D_i = 1, where no concession could be made good.
    Source: `value` and `requirement` solved for 1 − u_i.
    """
    kept = 1.0 - np.asarray(distrust)
    return np.where(kept > 0.0, spare * conceded_share / np.where(kept > 0.0, kept, 1.0), 0.0)


# --- meeting ---------------------------------------------------------------------------------------------------


def readiness(distrusts: Iterable[Real], contact_aversion: Real, convening: Real, distrust_us: Real) -> Real:
    """Return the probability of meeting by the rule 1 − (1 − Π_j (1 − d_ij)^η_i)·(1 − ε·(1 − d_iM)).

    The meeting is face to face.
    Source: distrust keeps parties from the table (Pruitt 2007 on readiness); a mediator's power to convene
    (Bercovitch 1992), as far as the party trusts the mediator (`distrust_us` = d_iM, of the one who convenes).
    """
    trust: Real = 1.0
    for distrust in distrusts:
        trust = trust * (1.0 - np.asarray(distrust))
    willing = np.power(trust, contact_aversion)
    return 1.0 - (1.0 - willing) * (1.0 - convening * (1.0 - np.asarray(distrust_us)))


def channel(shuttle: Real, distrust: Real, contact_aversion: Real) -> Real:
    """Return the probability that a party accepts the mediator's channel, by the rule shuttle·(1 − d_iM)^η_i.

    Source: mediation as communication between parties that will not meet (Bercovitch & Houston 1996).
    """
    return shuttle * np.power(1.0 - np.asarray(distrust), contact_aversion)


# --- answering -------------------------------------------------------------------------------------------------


def perceived(worth: Real, devaluation: Real, distrust_of_author: Real, support: Real) -> Real:
    """Return a text's value as a party perceives it, by the rule V_i(x) − ρ_i·d_i,author + L_i·(1 − d_iM).

    `support` is L_i·(1 − d_iM), zero without leverage. Source: reactive devaluation (Ross & Stillinger 1991);
    pressure and side payments by a mediator (Beardsley 2008).
    """
    return worth - devaluation * distrust_of_author + support


def acceptance(seen: Real, required: Real, distrust: Real, sharpness: Real) -> Real:
    """Return the probability of accepting a text by the logistic rule with exponent k·(perceived − q_i)/(1 − D_i).

    Dividing by 1 − D_i puts the error in utility, so distrust makes nobody careless. At D_i = 1 a party accepts if
    what it sees is more than it asks (only leverage can do that) and refuses otherwise.
    Source: Luce/logit choice (Luce 1959; McKelvey & Palfrey 1995).
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        odds = np.exp(np.divide((required - seen) * sharpness, 1.0 - np.asarray(distrust)))
        chance = 1.0 / (1.0 + odds)
    return np.where(np.isnan(chance), 0.0, chance)


# --- learning --------------------------------------------------------------------------------------------------


def after_cooperation(distrust: Real, trust_gain: Real, size: Real) -> Real:
    """Return distrust after a cooperative act by the rule d·(1 − λ⁺·size), with the size in [0, 1].

    Source: graduated reciprocation in tension reduction (Osgood 1962); linear operator learning.
    """
    return distrust * (1.0 - trust_gain * size)


def after_hostility(distrust: Real, trust_loss: Real, size: Real) -> Real:
    """Return distrust after a hostile act by the rule d + λ⁻·size·(1 − d), with the size in [0, 1].

    Source: as `after_cooperation`, upwards; λ⁻ > λ⁺ is the usual negativity bias (Slovic 1993).
    """
    return distrust + trust_loss * size * (1.0 - np.asarray(distrust))


def after_signal(distrust: Real, likelihood: Real) -> Real:
    """Return distrust after a costly signal by Bayes' rule, d·l/(d·l + 1 − d) with likelihood ratio l.

    l = P(signal | untrustworthy)/P(signal | trustworthy).
    Source: Bayes' rule; costly signals of trustworthiness (Kydd 2000, 2005).
    """
    likely = distrust * likelihood
    rest = 1.0 - np.asarray(distrust)
    return np.where(rest <= 0.0, distrust, likely / np.maximum(likely + rest, _TINY))


def better(new: Real, best: Real) -> Real:
    """Return a better offer's size as a cooperative act by the rule (u_j(new) − u_j(best))/(1 − u_j(best)).

    The size is in [0, 1]; u_j(best) is that of the best offer so far. Zero where the offer does not beat the best so
    far, or nothing is left to gain. Source: share of the remaining gap closed by a concession (Osgood 1962, made a
    rate).
    """
    return np.clip((new - best) / np.maximum(1.0 - np.asarray(best), _TINY), 0.0, 1.0)


def worse(new: Real, last: Real, best: Real) -> Real:
    """Return a retraction's size as a hostile act by the rule (u_j(last) − u_j(new))/(1 − u_j(best)).

    The size is in [0, 1], in the measure of `better`; u_j(best) is that of the best offer so far. `last` is −inf before
    the author's first text: nothing to retract. Source: taking back a concession is read as bad faith (Fisher & Ury
    1981).
    """
    room = 1.0 - np.asarray(best)
    return np.where(room > 0.0, np.clip((last - new) / np.maximum(room, _TINY), 0.0, 1.0), 0.0)


def text_surplus(worth: Real, floor_: Real) -> Real:
    """Return the size of a mediator's text as a cooperative act by the rule (u_j − R_j)/(1 − R_j).

    The size is in [0, 1], and above 0 only where j's floor R_j is met. Source: a mediator is judged by what its texts
    bring (Kydd 2003 on trust in mediators).
    """
    return np.clip((worth - np.asarray(floor_)) / np.maximum(1.0 - np.asarray(floor_), _TINY), 0.0, 1.0)


def text_shortfall(worth: Real, floor_: Real, worth_of_conceding: Real) -> Real:
    """Return the size of a mediator's text as a hostile act by the rule (R_j − u_j)/(R_j − u_j(θ̄_−j)).

    The size is in [0, 1], and above 0 only where j's floor R_j is not met: how far the text is on the way from the
    floor to conceding everything to the others, which is worth `worth_of_conceding`. It is 1 where even that would
    clear the floor, or nothing would. Source: a mediator is judged by what its texts bring (Kydd 2003), downwards.
    """
    way = np.asarray(floor_) - worth_of_conceding
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.clip((floor_ - worth) / np.where(way > 0.0, way, 1.0), 0.0, 1.0)
    return np.where(worth < floor_, np.where((way > 0.0) & np.isfinite(way), share, 1.0), 0.0)


# --- leaving ---------------------------------------------------------------------------------------------------


def walkout_hazard(impatience: Real, elapsed_share: Real, shortfall: Real) -> Real:
    """Return a party's hazard of walking out in a round by the rule ν_j·min(1, t/τ_j)·max(0, shortfall).

    The probability is 1 − exp(−hazard). `elapsed_share` is min(1, t/τ_j), `shortfall` r_j − perceived: offered less
    than no settlement. Source: exponential waiting time whose rate grows with the clock (opening positions are expected
    to be hard).
    """
    return impatience * elapsed_share * np.maximum(shortfall, 0.0)


def giving_up_hazard(impatience: Real, distrust: Real) -> Real:
    """Return the mediator's hazard of giving up in a round by the rule ν_M·mean_j d_Mj.

    Source: mediators withdraw when they stop believing the parties (Greig & Diehl 2012), as a waiting time.
    """
    return impatience * distrust


# --- after signing ---------------------------------------------------------------------------------------------


def guarantee_in_fact(strengths: Iterable[Real]) -> Real:
    """Return the share of the risk of betrayal that guarantors remove, by the rule G = 1 − Π_g (1 − γ_g).

    They remove it in fact, not in belief.
    Source: Walter (1997, 2002); the same product as in `discounted_distrust`, without the trust in it.
    """
    return joint_distrust(strengths)


def breach_probability(reliability: Real, guarantee: Real) -> Real:
    """Return the chance per period that a party breaks a settlement by type, by the rule (1 − h_j)·(1 − G).

    Source: constant hazard given type; ranges of h_j give a falling hazard (Beta frailty; Vaupel et al. 1979).
    """
    return (1.0 - np.asarray(reliability)) * (1.0 - np.asarray(guarantee))


def after_quiet(distrust: Real, monitoring: Real) -> Real:
    """Return distrust after a period without a violation, by the rule d·(1 − q)/(d·(1 − q) + 1 − d).

    q is the chance that somebody untrustworthy would have shown it in the period. Distrust of 1 stays.
    Source: Bayes' rule; peace that is watched as reassurance (Kydd 2005).
    """
    return after_signal(distrust, 1.0 - np.asarray(monitoring))


def gain_by_breaking(utility: Real, outside: Real, support: Real, sanction: Real) -> Real:
    """Return what breaking a settlement is worth above keeping it, by r_j + e_j·B − u_j − L_j·(1 − d_jM) − penalty·G.

    That is to a party without fear of betrayal. `outside` is r_j + e_j·B, no settlement by now; `support` what is left
    of leverage. Source: self-enforcement with an outside penalty (folk theorem; Walter 2002); a settlement lasts while
    it beats what war would bring by now (Werner 1999).
    """
    return outside - utility - support - sanction


def price_of_fear(utility: Real, betrayed: Real, distrust: Real) -> Real:
    """Return what the risk of betrayal takes from keeping a settlement, by the rule D_j·max(u_j − s_j, 0).

    Source: the fear of betrayal that signing has to overcome outlives the signature (Walter 1997; Fortna 2003).
    """
    return distrust * np.maximum(utility - betrayed, 0.0)


def support_left(support: Real, decay: Real, period: float) -> Real:
    """Return what is left of leverage in a period after the signature, by the rule L_j·(1 − d_jM)·e^(−η_L·n).

    Source: leverage fades after signature (Beardsley 2008).
    """
    return support * np.exp(-np.asarray(decay) * period)
