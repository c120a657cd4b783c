"""What one sentence shows of another: a table of sentences that it does and does not say."""

from __future__ import annotations

import pytest

from northloop.core.statements import is_english, says, sentences, statement

BAGS = (
    "The Nook 300 keeps you comfortable down to 5 °C, the Nook 500 down to -2 °C and the Nook 800 "
    "down to -11 °C."
)
TENTS = (
    "The Skarn 2 weighs 1.85 kg, the Skarn 3 weighs 2.40 kg and the solo tent Wisp 1 weighs 1.12 kg"
)
TIMES = (
    "Standard delivery takes 1 to 2 working days to Germany, 2 to 3 working days to Austria and 5 "
    "to 8 working days to Ireland."
)
COSTS = (
    "Standard delivery within the European Union costs €5.50 and is free from €80 of goods after "
    "discounts."
)

SHOWN = [
    (
        "Standard delivery takes 2 days and express 5.",
        "Standard delivery takes 2 days and express 5.",
    ),
    ("You cannot return worn boots.", "You can't return worn boots."),
    (
        COSTS,
        COSTS.replace("€5.50", "5.50 euros"),
    ),
    ("Check-in time is from 3:30pm - 9:00pm.", "Check-in time is from 3:30pm to 9:00pm."),
    ("Pets are not allowed at this property.", "No, pets aren't allowed at this property."),
    (
        "Guests can cancel free of charge until 24 hours before arrival.",
        "Guests can cancel free of charge until 24 hours before arrival.",
    ),
    (
        "The overdraft fee is $35 per transaction.",
        "The overdraft fee is 35 dollars per transaction.",
    ),
    ("Adults take 2 tablets every 6 hours.", "Adults take two tablets every six hours."),
    (
        "Do not take more than 8 tablets in 24 hours.",
        "Do not take more than eight tablets in 24 hours.",
    ),
    ("API keys expire after 90 days.", "API keys expire after ninety days."),
    (
        "Resetting the password unlocks the account at once.",
        "Resetting the password unlocks the account at once.",
    ),
    (
        "Invoices are sent by e-mail on the first day of the month.",
        "Invoices are sent by email on the first day of the month.",
    ),
    (
        "The warranty covers seams and zips but not batteries.",
        "The warranty covers seams and zips but not batteries.",
    ),
    ("You must show your passport at the desk.", "You must show your passport at the desk."),
    (
        "If the parcel is not found by then, we send a replacement.",
        "We send a replacement if the parcel is not found by then.",
    ),
    (
        "Gas canisters can only be sent within Germany.",
        "Gas canisters can only be sent within Germany.",
    ),
    ("Freezers must be kept at −18 °C or below.", "Freezers must be kept at minus 18 °C or below."),
    ("Children under 12 travel free.", "Children under twelve travel free."),
    ("A gift card holds between €10 and €500.", "A gift card holds between 10 and 500 euros."),
    ("Parcels are kept for 9 days, then they go back.", "Parcels are kept for nine days."),
    (
        "Guests with a dog pay an additional cleaning fee of $50.",
        "Guests with a dog pay an additional cleaning fee of 50 dollars.",
    ),
    ("The museum is closed on Mondays.", "Yes, the museum is closed on Mondays."),
    (
        "The pool is open from 7 am to 10 pm on weekdays.",
        "On weekdays, the pool is open from 7 am to 10 pm.",
    ),
    (
        "Refunds are sent to the original card, not to a bank account.",
        "Refunds are sent to the original card.",
    ),
    (
        "Your data is deleted 30 days after you close the account.",
        "We delete your data 30 days after you close the account.",
    ),
    ("The first lesson is free, the second costs 20 euros.", "The first lesson is free."),
]

TOO_FAR_FROM_A_QUOTATION = [
    ("Standard delivery takes 2 days and express 5.", "Express delivery takes 5 days."),
    (
        "Standard delivery takes 2 days and express 5.",
        "Express takes 5 days and standard delivery 2.",
    ),
    ("We refund within 5 working days.", "Refunds come within five business days."),
    (
        BAGS,
        "The Nook 800 keeps you comfortable down to −11 °C.",
    ),
    (
        BAGS,
        "The Nook 500 is comfortable down to minus two °C.",
    ),
    (
        TENTS,
        "The Skarn 3 weighs 2.4 kg.",
    ),
    (
        TIMES,
        "Standard delivery to Austria takes 2–3 working days.",
    ),
    (
        "A savings account pays 3.5% interest and a current account 0.5%.",
        "A savings account pays 3.5 percent interest.",
    ),
    ("The free plan stores 5 GB and the team plan 200 GB.", "The team plan stores 200 GB."),
    ("Twice a season you should wax the leather.", "Wax the leather twice a season."),
    (
        "Luggage up to 23 kg is included; each extra bag costs £40.",
        "Each extra bag costs 40 pounds.",
    ),
    ("Trains to Leeds leave at 9:15 and trains to York at 9:40.", "Trains to York leave at 9:40."),
    ("Premium members pay €10 and guests €25.", "Guests pay €25."),
    ("Premium members pay €10 and guests €25.", "Premium members pay 10 euros."),
    ("The deposit is 20% for rooms and 50% for suites.", "The deposit for suites is 50 percent."),
    ("The heater works down to -10 °C and up to 40 °C.", "The heater works down to minus ten °C."),
    ("Delivery to Norway costs €12.90, delivery to Spain €5.50.", "Delivery to Spain costs €5.50."),
    (
        "Your account is locked for an hour after 6 failed attempts.",
        "After six failed attempts your account is locked for an hour.",
    ),
]
"""True, but only a person can tell: doubt means no tie."""

TELLING_WORDS_LEFT_OUT = [
    ("The Basic plan is slower than the Pro plan.", "The Basic plan is the Pro plan."),
    ("Breakfast is served from 6:30 until 10:30.", "Breakfast is served from 6:30."),
    ("Only account owners can close the account.", "Account owners can only close the account."),
    ("The clinic is closed on Sundays and open on Mondays.", "The clinic is open on Sundays."),
    ("Some rooms have a balcony.", "Rooms have a balcony."),
    ("Few rooms have a balcony.", "Rooms have a balcony."),
    ("We refuse refunds for opened software.", "Refunds for opened software."),
    (
        "The agent fails to start when the port is taken.",
        "The agent starts when the port is taken.",
    ),
    ("Tenants who smoke pay a deposit of 300 pounds.", "Tenants pay a deposit of 300 pounds."),
    ("Students with a valid card pay 4 euros.", "Students pay 4 euros."),
    ("The first lesson is free, the second costs 20 euros.", "The second lesson is free."),
    (
        "It is too late to change the order once it has shipped.",
        "It is late to change the order once it has shipped.",
    ),
    ("Half of the fee is refunded.", "The fee is refunded."),
    ("The fee is partly refunded.", "The fee is refunded."),
    ("The fee is nearly always refunded.", "The fee is always refunded."),
    ("Orders placed before noon ship the same day.", "Orders ship the same day."),
    ("Customers in the EU get 24 months of warranty.", "Customers get 24 months of warranty."),
    (
        "Unopened boxes can be returned for a full refund.",
        "Boxes can be returned for a full refund.",
    ),
    ("Premium members can cancel for free.", "Members can cancel for free."),
    ("The outdoor pool is heated in winter.", "The pool is heated."),
    ("Only damaged goods are collected at home.", "Damaged goods are only collected at home."),
    ("It is dangerous to charge the scooter indoors.", "Charge the scooter indoors."),
    ("Avoid washing the jacket above 40 °C.", "Washing the jacket above 40 °C."),
    ("Avoid paying by cheque.", "You can pay by cheque."),
    ("Stop taking the tablets if you feel dizzy.", "Taking the tablets if you feel dizzy."),
    ("The app used to support tablets.", "The app supports tablets."),
    ("From 2027 we will deliver to Iceland.", "We deliver to Iceland."),
    ("We plan to deliver to Iceland.", "We deliver to Iceland."),
    ("We hope to refund customers next week.", "We refund customers next week."),
    ("We deny claims for water damage.", "Claims for water damage."),
    (
        "We reject claims for water damage and accept claims for fire damage.",
        "We accept claims for water damage.",
    ),
    (
        "Trains run every 20 minutes until 18:00 and every 40 minutes after 18:00.",
        "Trains run every 40 minutes until 18:00.",
    ),
    (
        "Trains run every 20 minutes until 18:00 and every 40 minutes after that.",
        "Trains run every 20 minutes.",
    ),
    (
        "Children must be accompanied by an adult until 14.",
        "Children must be accompanied by an adult.",
    ),
    (
        "The blue line goes to the airport and the red line goes to the harbour.",
        "The red line goes to the airport.",
    ),
    ("Nearly half the flights include a meal.", "Half the flights include a meal."),
    ("Interest is added monthly.", "Interest is added."),
    (
        "The company pays the first 30 euros and the customer the rest.",
        "The customer pays the first 30 euros.",
    ),
    (
        "Wait 10 minutes and then press the reset button.",
        "Press the reset button and then wait 10 minutes.",
    ),
    (
        "Press the green button, then the red button.",
        "Press the red button, then the green button.",
    ),
    ("The fee is A$20 for residents.", "The fee is $20 for residents."),
    ("Add 1/2 cup of salt.", "Add 2 cups of salt."),
    ("The cost is £5k per year.", "The cost is £5 per year."),
    ("Your seat is guaranteed subject to availability of staff.", "Your seat is guaranteed."),
    (
        "Your seat is guaranteed only with a Plus ticket.",
        "Your seat is guaranteed with a Plus ticket only.",
    ),
    ("Refunds depend on the supplier.", "Refunds on the supplier."),
    ("Either Ann or Ben can sign.", "Ann can sign."),
    (
        "The form is optional for citizens and mandatory for visitors.",
        "The form is mandatory for citizens.",
    ),
    ("Returns are free, in the EU.", "Returns are free."),
    ("In the EU, returns are free.", "Returns are free."),
    ("Your seat is guaranteed, subject to availability.", "Your seat is guaranteed."),
    ("We delivered to Iceland.", "We deliver to Iceland."),
    ("We are paid monthly.", "We pay monthly."),
    ("You get 5 extra days.", "You get 5 days."),
    ("The loan runs for 2½ years.", "The loan runs for 2 years."),
    ("We refund customers who cancel in winter.", "In winter, we refund customers who cancel."),
]

NOT_SHOWN = [
    (
        "Standard delivery takes 2 days and express 5.",
        "Standard delivery takes 5 days and express 2.",
    ),
    ("Standard delivery takes 2 days and express 5.", "Standard delivery takes 5 days."),
    ("Standard delivery takes 2 days and express 5.", "Express delivery takes 2 days."),
    ("Standard delivery takes 2 days and express 5.", "Delivery takes 5 days."),
    ("You cannot return worn boots.", "You can return worn boots."),
    ("You can return worn boots.", "You cannot return worn boots."),
    ("You can return unworn boots.", "You can return worn boots."),
    ("Express costs €9.", "Express takes 9 days."),
    ("The fee is €9.", "The fee is $9."),
    ("We refund within 5 working days.", "We refund within 5 weeks."),
    ("We refund within 5 working days.", "We refund within 5 days."),
    ("The Nook 800 is comfortable down to -11 °C.", "The Nook 800 is comfortable down to 11 °C."),
    (
        BAGS,
        "The Nook 300 keeps you comfortable down to -11 °C.",
    ),
    (
        BAGS,
        "The Nook 500 keeps you comfortable down to 5 °C.",
    ),
    (
        TENTS,
        "The Skarn 2 weighs 2.40 kg.",
    ),
    (
        TIMES,
        "Standard delivery to Germany takes 2 to 3 working days.",
    ),
    (
        TIMES,
        "Standard delivery to Ireland takes 8 working days.",
    ),
    ("Boots can be returned but tents cannot.", "Tents can be returned but boots cannot."),
    ("Pets are not allowed at this property.", "Yes, pets are allowed at this property."),
    ("Delivery is free from €80.", "Delivery is free up to €80."),
    (
        "Orders placed before 15:00 leave the same day.",
        "Orders placed after 15:00 leave the same day.",
    ),
    (
        "A savings account pays 3.5% interest and a current account 0.5%.",
        "A savings account pays 0.5% interest.",
    ),
    ("Adults take 2 tablets every 6 hours.", "Adults take 6 tablets every 2 hours."),
    ("Do not take more than 8 tablets in 24 hours.", "Take more than 8 tablets in 24 hours."),
    ("The free plan stores 5 GB and the team plan 200 GB.", "The free plan stores 200 GB."),
    ("You can return boots unless they were worn.", "You can return boots."),
    ("Delivery usually takes 3 days.", "Delivery takes 3 days."),
    ("You must show your passport at the desk.", "You can show your passport at the desk."),
    ("Can you return worn boots?", "You can return worn boots."),
    (
        "Luggage up to 23 kg is included; each extra bag costs £40.",
        "Luggage up to 40 kg is included; each extra bag costs £23.",
    ),
    ("The balance is -£5.", "The balance is £5."),
    ("Gas canisters can be sent within Germany.", "Gas canisters can only be sent within Germany."),
    (
        "The shop in Leeds opens at 9:00 and the shop in York at 10:30.",
        "The shop in York opens at 9:00 and the shop in Leeds at 10:30.",
    ),
    ("We refund the price.", "We refund the price and the delivery costs."),
    ("Trains to Leeds leave at 9:15 and trains to York at 9:40.", "Trains to Leeds leave at 9:40."),
    ("Returns cost €3.90, exchanges cost nothing.", "Exchanges cost €3.90, returns cost nothing."),
    ("Boots go to Leeds and tents go to York.", "Boots go to York and tents go to Leeds."),
    ("Boots go to Leeds and tents go to York.", "Boots go to York."),
    ("Premium members pay €10 and guests €25.", "Guests pay €10 and premium members €25."),
    ("Premium members pay €10 and guests €25.", "Guests pay €10."),
    ("We open at 9 and close at 17.", "We open at 17 and close at 9."),
    (
        "The deposit is 20% for rooms and 50% for suites.",
        "The deposit is 50% for rooms and 20% for suites.",
    ),
    ("The deposit is 20% for rooms and 50% for suites.", "The deposit for suites is 20%."),
    ("For rooms the deposit is 20%, for suites it is 50%.", "For suites the deposit is 20%."),
    (
        "For rooms the deposit is 20%, for suites it is 50%.",
        "For suites it is 20%, for rooms the deposit is 50%.",
    ),
    ("Pay 30 euros for 5 kg.", "Pay 5 euros for 30 kg."),
    ("Children under 12 travel free.", "Children over 12 travel free."),
    (
        "The battery lasts 10 hours and charges in 2.",
        "The battery lasts 2 hours and charges in 10.",
    ),
    ("Refunds take 5 days; exchanges 10 days.", "Refunds take 10 days."),
    ("Neither boots nor tents can be returned.", "Boots and tents can be returned."),
    ("Nobody under 18 may order wine.", "Anybody under 18 may order wine."),
    ("No customs are due below €150.", "Customs are due below €150."),
    ("We deliver on Mondays but not on Sundays.", "We deliver on Sundays but not on Mondays."),
    ("We deliver on Mondays but not on Sundays.", "We deliver on Sundays."),
    ("Returns are accepted without a receipt.", "Returns are accepted with a receipt."),
    ("The price went from €20 to €30.", "The price went from €30 to €20."),
    ("Room 12 costs £90 and room 14 £120.", "Room 14 costs £90."),
    ("The bag weighs 1.5 kg.", "The bag weighs 15 kg."),
    (
        "The heater works down to -10 °C and up to 40 °C.",
        "The heater works down to 10 °C and up to 40 °C.",
    ),
    (
        "The heater works down to -10 °C and up to 40 °C.",
        "The heater works down to 40 °C and up to -10 °C.",
    ),
    ("Returns within 30 days are free.", "Returns after 30 days are free."),
    ("Do not machine wash the jacket; hand wash it at 30 °C.", "Machine wash the jacket at 30 °C."),
    ("You have to be 18 or older.", "You have to be 18 or younger."),
    (
        "Orders below €50 cost €5 to ship, orders above are free.",
        "Orders above €50 cost €5 to ship.",
    ),
    (
        "Delivery to Norway costs €12.90, delivery to Spain €5.50.",
        "Delivery to Norway costs €5.50.",
    ),
    (
        "Delivery to Norway costs €12.90, delivery to Spain €5.50.",
        "Delivery to Spain costs €12.90 and to Norway €5.50.",
    ),
    ("Standard: 5 days. Express: 2 days.", "Standard: 2 days."),
    ("| Standard | 5 days |\n| Express | 2 days |", "Standard takes 2 days."),
    ("Standard delivery takes 5 days (express: 2 days).", "Express delivery takes 5 days."),
    ("Standard delivery takes 5 days (express: 2 days).", "Standard delivery takes 2 days."),
    (
        "Standard and express delivery take 5 and 2 days respectively.",
        "Standard and express delivery take 2 and 5 days respectively.",
    ),
    (
        "Standard and express delivery take 5 and 2 days respectively.",
        "Express delivery takes 5 days.",
    ),
    (
        "The first 3 months cost $9, then $29 per month.",
        "The first 3 months cost $29, then $9 per month.",
    ),
    ("The first 3 months cost $9, then $29 per month.", "The first 9 months cost $3."),
    ("You will receive a refund or a replacement.", "You will receive a refund and a replacement."),
    ("Refunds are never paid in cash.", "Refunds are paid in cash."),
    ("Refunds are paid in cash only in our shops.", "Refunds are paid in cash."),
    ("The discount is −15% on tents.", "The discount is 15 on tents."),
    ("The fee is 9 €.", "The fee is 9."),
    (
        "Your points lapse after 24 months without a purchase.",
        "Your points lapse after 24 months with a purchase.",
    ),
    ("Your points lapse after 24 months without a purchase.", "Your points lapse after 24 months."),
    ("Boots fit 2 cm larger than shoes.", "Shoes fit 2 cm larger than boots."),
]

NOT_SHOWN_ABROAD = [
    (
        "Sie können getragene Stiefel nicht zurückgeben.",
        "Sie können getragene Stiefel zurückgeben.",
    ),
    (
        "Vous ne pouvez pas retourner les bottes portées.",
        "Vous pouvez retourner les bottes portées.",
    ),
    ("Le délai est de 30 jours ouvrés.", "Le délai est de 30 jours."),
    ("Garantie gilt nicht für Akkus.", "Garantie gilt für Akkus."),
    ("İade edilmez, değiştirilir.", "İade edilir, değiştirilmez."),
]


def shows(evidence: str, claim: str, *, english: bool = True) -> bool:
    return says(statement(evidence), statement(claim), english=english)


@pytest.mark.parametrize(("evidence", "claim"), SHOWN)
def test_what_the_evidence_says_is_shown(evidence: str, claim: str) -> None:
    assert shows(evidence, claim)


@pytest.mark.parametrize(("evidence", "claim"), TOO_FAR_FROM_A_QUOTATION)
def test_what_is_no_near_quotation_is_left_to_people(evidence: str, claim: str) -> None:
    assert not shows(evidence, claim)


@pytest.mark.parametrize(("evidence", "claim"), NOT_SHOWN + TELLING_WORDS_LEFT_OUT)
def test_what_it_does_not_say_is_not(evidence: str, claim: str) -> None:
    assert not shows(evidence, claim)
    assert shows(evidence, evidence) != evidence.endswith("?")


@pytest.mark.parametrize(("evidence", "claim"), NOT_SHOWN_ABROAD)
def test_in_another_language_only_a_quotation_is_shown(evidence: str, claim: str) -> None:
    assert not is_english(evidence)
    assert not shows(evidence, claim, english=False)
    assert shows(evidence, evidence, english=False)


def test_signs_of_comparison_count_and_nothing_says_nothing() -> None:
    assert not shows("Parcels < 5 kg travel by post.", "Parcels > 5 kg travel by post.")
    assert not shows("!", "?!.")
    assert not shows("I am sure the boots dry in a day.", "The boots dry in a day.")


def test_english_is_told_by_its_little_words() -> None:
    assert is_english("You can return the boots within 45 days. Wax them twice a season.")
    assert is_english("The Mission Dolores is open from 9:00 on Mondays.")
    assert not is_english("U kunt gedragen laarzen niet terugsturen, dat is niet mogelijk.")
    assert not is_english("Du kan ikke returnere brugte støvler for penge.")
    assert not is_english("")


def test_sentences_end_where_no_space_follows_in_chinese_and_japanese() -> None:
    text = "松の間は一泊28,000円です。竹の間は19,000円です！（朝食付き。）夕食は？ 6 p.m. is late."
    assert sentences(text) == [
        "松の間は一泊28,000円です。",
        "竹の間は19,000円です！",
        "（朝食付き。）",
        "夕食は？ ",
        "6 p.m. is late.",
    ]
