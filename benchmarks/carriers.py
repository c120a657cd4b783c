"""Sentences that `train_tagger` fills with made people, addresses and things; all written for it.

{n} a whole name, {f} and {g} first names, {l} and {m} surnames, {a} and {b} addresses; {c} a
company, {t} a town, {j} a trade, {w} a day, {d} a number or code, which are none of them.
"""

from __future__ import annotations

MORE_ENGLISH = r"""
Who is {n}?
Who was {n} married to?
When does {f} get here?
Where can I find {n}?
Why did {f} leave so early?
Why was {l} so angry with me?
How old is {f} now?
How is {f} doing after the operation?
How long has {n} worked for you?
Is {n} still your manager?
Was {f} at the meeting?
Has {f} paid yet?
Did {l} sign the form?
Does {f} know about this?
Can {n} pick it up for me?
Could you put me through to {n}?
Could I talk to {l} or {m}?
What did {f} say?
What has {l} got to do with it?
What's your name? {n}
And your full name, please? {n}
Name? {n}
Under what name? {n}
Agent: and who am I speaking to? Customer: {n}
Bot: Please enter your name. User: {n}
User: it's for {n}\nBot: How do I spell {n}?
Bot: Where do you live? User: {a}
Bot: What is the delivery address? User: {a}
{f}: hello?\n{g}: hi, it's me
{f}: "Where have you been?"\n{g}: "At home."
{f}: 'Is anybody there?'\n{g}: 'Only {l}'s brother.'
{n}: I never ordered this.\n{f}: Let me check.
[{d}] {f}: I'm waiting
<{f}> hello there
{f} wrote:\n> did you get it?
On {w}, {n} wrote:
{f}, could I have a word with your boss?
{f}, will you send me the file?
{f}! Where are you?
Oh {f}, not again.
Listen, {f}, I can't help it.
No, {f}, it did not come.
Well done, {f}!
Happy birthday {f}!
Sorry {f}, I was away
Maybe it was booked under {n}
It might be under {l}
Perhaps you have it under {n} instead
The table is booked for {l}
A reservation for {n} on {w}
Please book two seats for {n} and {f}
Put {f} on the list, not {g}
I want to add {n} to my plan
I'd like to add {n} as a second driver
Remove {n} from the account, please
Please take {f} off the mailing list
Transfer it to {n}, please
The money was sent to {n} by mistake
I paid {n} on {w}
The invoice was made out to {n}
Made payable to {n}
This is for {n} only
Only {n} may open it
Give it to {f} at the desk
Leave it with {n} next door
{f} next door took it in
{f} from {c} called me
{n} of {c} has confirmed
{n} from accounting
{n} ({c}) will join us
{n}, {j} at {c}, has left
{j} {n} was not there
Our {j} {n} will call you
the {j}, {n}, told us to wait
my {j} is called {n}
My son {f} and my daughter {g} travel with me
my late husband {f} had the contract
My mother, {n}, is {d} years old
they named the baby {f}
We named our dog {f}
People call me {f}, but my passport says {n}
Most people call me {f}
Everyone knows him as {f}
She goes by {f}
He signed as {n}
They called their shop after {n}
Say hello to {f} from me
Give my love to {f} and {g}
Kind regards from {f} and {g}
Best,\n{f}
Cheers\n{f} {l}
Thanks!\n\n{n}\n{j}\n{c}
{n}\n{j}\n{c}\n{a}
{n}\n{c}\n{a}
{n}\n{j}, {c}\n{d}\n{a}
{n}\n\n{a}\n{d}-Office, {d}-Fax
{n} {a}
Mr. {n}, {a}
Mrs {l}\n{a}
Dr. {n}\n{a}
Ms. {n} {a}
To: {n}\nFrom: {f} {l}\nDate: {w}
Date: {w}\nName: {n}\nPhone: {d}
Name: {n}\nTrade: {j}\nCompany: {c}
Name - {n}\nAddress - {a}
Contact: {n}
Attn: {n}\n{c}\n{a}
c/o {n}, {a}
> {n}\n> {c}\n> {a}
> {f} told me so
>{n}\n>{c}\n>{n}\n>{a}
| {n} | {d} | {t} |
{n},{d},{t}
{d};{n};{c}
1. {n}\n2. {n}\n3. {n}
- {n}\n- {n}
Present: {n}, {f} {m}, {l}
Guests: {f}, {g}, {f} and {g}
{l}, {m} and {l} started the firm
The three of them, {l}, {m} and {l}, sold it
Its owners are {l}, {m} and {n}.
founded by {n} and {f} {m} in {t}
The idea came from {l} and {m} on a train.
{l} and {m} did a good job on it
{n} and {m} wrote most of it
Was it {l} or {m} who said that?
neither {f} nor {g} knew
{f} & {g} are moving to {t}
{f} and I have an appointment on {w}
{f} or {g} will be there
{l} vs {m} was a good match
{n} beat {m} in {t}
{n} scored twice on {w}
The {l} book is about a war.
In the {l} film nobody dies.
Like the {l} album, it is too long.
the {l} version is better than the {m} one
The {n} recording is the best I know.
The {l} report says something else
{l}'s latest novel is a disappointment.
I read {n}'s letters from {t}.
the later works of {n}
It sounds like early {l}.
Better than {l} at his best.
A lovely voice (not {n}'s).
(sung by {n})
a fine solo (played by {n}) at the end
music by {n}, words by {f} {m}
Produced by {n} and {f} {m}, it took a year.
directed by {n} with {f} {m} as the {j}
{n} sings it much better, I think.
{n} named it among the ten best of the year.
{n} is the best {j} in {t}.
{n} was born in {t} and became a {j}.
{n} grew up in {t}.
Mr. {l} is a {j} who comes from {t}.
Mrs {l} has lived in {t} for years.
Ms {l} is a 40 year old {j} from {t}
{n}, 43, lives in {t} with her children.
{n} (born in {t}) is a {j}.
The {j} {n} died in {t} on {w}.
"It was a good year," said {n}, the {j}.
"We will not sell," {l} told the paper.
"No," answered {f}.
"I like it here," says {f} {l} of {t}.
'That is not true,' {l} added.
According to {n}, nothing was lost.
As {l} puts it, nobody cares.
{l} explained that the state would pay
producer {n} explained to the magazine: "we had no money"
{n} will speak at the conference in {t}
{n} is going to visit us on {w}
{n} has been promoted to {j}
The meeting is led by {n}.
a talk by {n} about {t}
{f} works for {c} in {t}
{n} joined {c} as a {j}
{c} is a firm of {t}
{c} was founded in {t}
The office of {c} is closed on {w}
I work at {c} as a {j}
We bought it from {c}
{c} recorded it for the first time.
The cars of {c}, {c} and {c} are made in {t}.
Is {c} open on {w}?
{c} has sent me the wrong bill
Celebrating ten years in {t}, {c} invites you all.
The {c} office is at {a}
The {c} shop moved to {a}
We meet on {w} at {c}, {a}
We'll have lunch at {a} on {w}
See you at {a} tomorrow
Let's meet at {a} at noon
I'll be at {a} until {w}
I'd like a taxi to {a} please
Pick me up at {a} and take me to {b}
Can you send a cab to {a} now?
How do I get to {a} from {b}?
Is {a} far from {t}?
The letter came to {a} yesterday.
The parcel was left at {a} last week.
It was delivered to {a} by mistake
Please return it to {a} if found.
If nobody is there, bring it to {a} instead.
Send a new card to {a}, I am in {t} on a trip
Please change my address to {a}
Please change the address for card {d} to {a}
update the billing address of my account: {a}
My old address was {a}, the new one is {b}
I have two addresses: {a} and {b}
here are my addresses: {a}, and {b}
I moved. New address: {a}
Hello I have moved, it's {a} now
As I said, here is {f}'s address:\n\n{a}
As promised, the address of {n}:\n{a}
{f} gave {g} the address: {a}
{f} has given me your address, {a}
{n} lives at {a}
{n} and {f} live at {a}
{f} lives in {t}, {a}
{n} was born at {a}
I own a house at {a}
The house at {a} is for sale
There was a fire at {a} on {w}
My shop is at {a}
Our office: {a}
You find us at {a}
Visit {c} at {a} on {w}
The flat is at {a}, second floor
Is there a branch near {a}?
Do you have a shop close to {a}?
Is it {a} or {b}?
{a} is where I live
{a} is my address
{a} - this is the right one
{a}, that's where it should go
deliver to:\n{n}\n{a}
ship to {n} at {a}
bill to {n}, {c}, {a}
From {a} to {b}
sent from {a}
Register {n} at {a} with number {d}
Order {d} goes to {n}, {a}
{f} needs it at {a} by {w}
i live in {a}
i stay at {a}
its {a}
that would be {a}
{d} {a}
{a} {d}
{n} {d} {a}
{d} and {a}
name is {n} and address is {a}
{n}, {a}, {d}
Unlike the {l} film, it made me laugh.
After the {l} novel I read nothing for weeks.
{n} was in the room; {f} was not.
If {f} calls, say I am out.
I know {n}, we went to school in {t}.
Ask {f}. {f} knows.
He told {f} that {g} had been there.
with kind help of {n}
the letter is from {n} to {f} {m}
There is a parcel for {n} here.
{n} is allergic to nuts
{f}'s phone is broken again
{l}'s flight to {t} was late
this is {f} calling about order {d}
its me {f}
i am {f}
this is {n}
it is {n}
no its {n} not {f}
sure, {n}
ok {n} here
{n} ok?
my name {n}
name would be {n}
"""
"""One a line."""

MORE_PLAIN = r"""
They gave love and peace to all, gave love and peace to the children.
She gave hope to us all
Rock and roll will never die
What a beautiful song this is
The best album of the year
{c} is the best place in {t}
{c} and {c} are partners of {c}
The {c} office in {t} was closed on {w}
My {thing} came from {c}
I am so tired of this
this is urgent
this is ridiculous
it's a joke
its not working
im waiting since {w}
I am in {t} on a trip until {w}
the weather in {t} is nice
Who is in charge?
Why is it so slow?
How is the weather in {t}?
Is the shop in {t} open on {w}?
Can the {j} come on {w}?
I work as a {j} in {t}
I am a {j}
The {j} was very kind
we went to see a film in {t}
please call me back on {w}
What is your name?
May I have your name, please?
{thing} and {thing}
{thing}, {thing} and {thing}
{Thing}: {thing}
{Thing}: {thing}
{Thing} - {thing}
[{d}] {thing}
{d}, {thing}
"""
