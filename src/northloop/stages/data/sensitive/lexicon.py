"""Word lists for names: first names, surnames, and words that look like names and are none.

Deliberately short: the row's own customer name and the contexts in `names` carry most of the load.
"""

from __future__ import annotations

from northloop.stages.data.wording import words

FIRST_NAMES = words(
    """
    aaron abby abdul abigail adam adele adrian adriana agnes ahmed aidan aisha alan alana albert alejandro
    alessandro alessia alex alexa alexander alexandra alexis alfred ali alice alicia alina alison allison alma
    alvaro amanda amber amelia amelie amina amir amit amy ana anais anastasia anders andre andrea andreas
    andrew andrzej angela angelica angelina anika anil anita anja ann anna anne annika anthony antje antoine anton
    antonia antonio anya ari ariana arjun arne arthur ashley astrid audrey aurora ava axel ayesha barbara
    bart beatrice beatriz becky ben benedict benjamin benoit bernard bernd bert beth bethany bianca bjorn björn
    blanca bob bogdan boris brad bradley brandon brenda brendan brian bridget brigitte britta bruce bruno bryan
    caitlin callum camila camille cara carl carla carlos carmen carol carolina caroline carolyn carrie casey
    cassandra catarina caterina catherine cathy cecilia cecilie celine chantal charles charlie charlotte chen
    cheryl chiara chloe chloé chris christa christian christina christine christoph christopher cindy claire clara
    clare claude claudia clemens clemence colin colleen connor conor constance corinna courtney craig cristina
    curtis cynthia dagmar daisy damian dan dana daniel daniela daniele danielle daphne darius darren dave david
    dawn dean debbie deborah deepak denise dennis derek diana diane diego dieter dimitri dmitri dominic dominik
    donald donna doris dorothy doug douglas duncan dylan eddie edgar edith eduardo edward edwin eileen elaine
    eleanor elena eleni elias elif elin elisa elisabeth elise elizabeth ella ellen ellie elliot elliott eloise
    elsa elsie emil emile emilia emilie emily emma emmanuel enrico enrique eric erica erik erika erin ernest
    esther ethan eugene eva evan eve evelyn fabian fabio faisal farah fatima federica federico felicity felix
    fernanda fernando filip finn fiona florence florian franca frances francesca francesco francis francisco
    franck francois françois frank franz fred freddie frederic frederick frederik freya frida friedrich fritz
    gabriel gabriela gabriele gabrielle gareth gary gavin gemma geoff geoffrey george georgia georgina gerald
    gerard gerhard giacomo gianluca gillian gina giorgio giovanni giulia giuseppe glen glenn gloria gonzalo
    gordon grace graham grant greg gregory greta gretchen guillaume guido gunther gustav guy hamza hana hanna
    hannah hannes hans harald hari harold harriet harry harvey hassan heather hector heidi heike heinrich helen
    helena helene helga helmut hendrik henri henrik henry herbert hilary hiroshi holger holly howard hugh hugo
    huw ian ibrahim ida ignacio igor ilaria ilse imogen imran ines inga ingrid irene irina iris isaac isabel
    isabella isabelle isla ivan ivy jack jackie jacob jacqueline jacques jade jaime jake jakob jakub james jamie
    jan jana jane janet janice janina jasmin jasmine jason javier jay jean jeanette jeff jeffrey jelena jemma
    jen jenna jennifer jenny jens jeremy jerome jerry jess jesse jessica jill jim jimmy jin jo joachim joan joana
    joanna joanne joaquin jochen joe joel joelle johan johanna johannes john johnny jon jonas jonathan jordan
    jordi jorge jose josé josef josefine joseph josephine josh joshua joy joyce juan juana judith judy julia
    julian juliana julie juliette julio jun jürgen justin justine kai kamal karen karin karl karolina kasia kate
    katharina katherine kathleen kathrin kathryn kathy katie katja katrin kayla keith kelly ken kenneth kenji
    kerry kevin khalid kieran kim kirsten kirsty klaus krishna kristen kristian kristin kristina kristof krystyna
    kumar kurt kyle lana lara lars laura lauren laurence laurent lea leah leandro lee leila lena leo leon leonard
    leonie leonor leroy leslie lewis li liam lila lilian liliana lily lina linda lindsay linh linus lisa liz
    logan lois lola lorena lorenzo lorna lorraine lotte louis louisa louise luc luca lucas lucia lucie lucinda
    lucy ludwig luigi luis luisa luka lukas luke luna lydia lynn madeleine madison magdalena maggie magnus mai
    maike maja malik malte manfred manon manuel manuela mara marc marcel marcela marcin marco marcos marcus
    margaret margarita margot maria mariam mariana marianne marie marija marina mario marion marissa marius mark
    markus marlene marta martha martin martina marvin mary mateo mateusz mathias mathieu mathilde matilda matt
    matteo matthew matthias maureen maurice max maxime maximilian maya megan mehmet mei melanie melissa mia
    michael michaela michal michel michele michelle miguel mikael mike mikhail mila milan milena miles millie
    milo mina mira miranda miriam mohamed mohammad mohammed moira molly mona monica monika morgan moritz muhammad
    murray mustafa nadia nadine naomi natalia natalie natasha nathalie nathan neha neil nell nico nicola nicolas
    nicole nigel nikhil niklas nikola nikolai nils nina noah noel noemi nora norah norbert norman nuria olaf
    oleg olga oliver olivia olivier omar oscar oskar otto owen pablo paige pamela paola paolo pascal patrice
    patricia patrick paul paula paulina pauline paulo pavel pawel pedro peggy penelope penny per pete peter petra
    phil philip philipp philippa philippe phillip phoebe pia pierre pilar piotr polly pooja poppy prakash priya
    priyanka rachel rafael rafal rahul raj rajesh ralf ralph ramon raphael raquel raul ravi ray raymond rebecca
    regina reinhard rene renata renate rhys ricardo riccardo richard rick ricky rita rob robert roberta roberto
    robin rodrigo roger roland rolf roman ron ronald rosa rosalie rosalind rose rosie ross rowan roxanne roy ruben
    rudolf rupert russell ruth ryan sabine sabrina sadie sally salma salvatore sam samantha samira samuel sandra
    sandro sandy sanjay santiago sara sarah sasha saskia scarlett scott sean sebastian selina selma serena sergei
    sergey sergio seth shane shannon sharon shaun shauna shawn sheila shelley shirley sian siegfried sienna
    sigrid silke silvia simon simona simone siobhan sofia sofie solveig sonia sonja sophia sophie soren søren
    spencer stacey stan stanislav stanley stefan stefanie stefano stella steph stephan stephane stephanie stephen
    steve steven stewart stine stuart sue sunil suresh susan susanna susanne susie suzanne sven svenja sylvia
    sylvie tabea tamara tania tanja tanya tara tariq tatiana ted teresa terence terry tess tessa thea theo
    theodor theodore theresa therese thomas thorsten tiago tiffany tilda till tim timo timothy tina tobias toby
    todd tom tomas tomasz tommy toni tony tracey tracy trevor tristan tyler uma ursula ute uwe valentina
    valentin valeria valerie vanessa vasco vera verena veronica veronika vicky victor victoria vijay vikram
    viktor viktoria vincent vincenzo viola violet virginia vivian vivien vladimir walter wang wanda wayne wei
    wendy werner wesley wilhelm will william winifred wolfgang xavier yan yannick yasmin yasmine yolanda youssef
    yuki yuri yusuf yves yvette yvonne zachary zahra zainab zara zeynep zoe zoë zofia zoltan
    """
)

AMBIGUOUS = words(
    """
    amber ari art ash aurora ben bill bob carol chase chen daisy dan dawn dean eve faith finn frank gene
    grace grant guy harry heather henry holly hope iris ivy jack jade jan jay jean jo joy jun kai kim lana lee li
    lily logan luna mai mark max mei mia miles milo mina morgan norman olive oscar per penny pat phil poppy
    ray rich rick rob robin roman rose rosie ross rowan roy ruby ruth sally sam sandy sasha scott sienna sky
    spencer stan stewart sue summer ted terry till tim tom tony victor viola violet virginia wang wanda ward wayne
    wei will young hana rita stella carl jordan georgia sydney chelsea florence paris victoria charlotte madison
    austin dallas nice brandon kelly kerry casey lewis sierra alma tilda regina
    """
)
"""First names that are words, places or things too: they need a capital and a surname."""

SURNAMES = words(
    """
    smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson
    anderson thomas taylor moore jackson martin lee perez thompson harris sanchez clark ramirez lewis robinson
    allen wright torres nguyen flores nelson hall rivera campbell mitchell carter roberts gomez phillips evans
    turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz
    morgan cooper peterson bailey reed kelly howard ramos kim cox richardson watson brooks chavez wood bennett
    gray mendoza ruiz hughes price alvarez castillo sanders patel myers ross foster jimenez khan singh kumar
    sharma gupta ahmed hussain ali chen wang zhang liu yang huang wu zhou müller schmidt schneider fischer weber
    meyer wagner becker schulz hoffmann koch bauer richter klein wolf schröder neumann schwarz zimmermann braun
    krüger hofmann hartmann lange werner krause lehmann dubois durand leroy moreau laurent lefebvre michel
    bertrand roux fournier girard bonnet dupont lambert fontaine rousseau rossi russo ferrari esposito bianchi
    romano colombo ricci marino greco conti silva santos ferreira pereira oliveira costa rodrigues fernandes
    almeida jansen bakker visser de-vries meijer mulder andersson johansson karlsson nilsson eriksson larsson
    olsson persson hansen johansen olsen larsen andersen pedersen nielsen jensen christensen novak kowalski
    nowak ivanov petrov o'brien o'connor o'neill o'sullivan mcdonald macdonald mccarthy campbell fraser
    """
)

COMMON_WORDS = words(
    """
    a able about above accept according account action actually add added additional address after afternoon again
    against agent ago all almost alone along already also alternatively although always am amazing an and another
    answer any anybody anymore anyone anything anyway apart apologies app apparently appears apple are area around
    arrived as asap ask asked asking at attached automatic available away awesome back bad bag based basically be
    because been before behind being below best better between big bit blue book boot boots both box brand bring
    broken brown business but buy buying by call called calling can can't cancel cancelled card care cart case
    catalogue chair change changed charge charged chat check checked checking checkout cheers city clear click
    client closed code cold collect colour color come coming company complete completely confirm confirmation
    confused consumer contact contacting correct cost could country couple credit currently customer customers data
    date day days deal dear delayed deliver delivered delivery department despite details did didn't different
    disappointed discount dispatch do does doesn't doing don't done down due during each earlier early easy either
    else email emails english enough enquiry error euro europe even evening event ever every everybody everyone
    everything exactly example except exchange excited excuse expected experience express extremely facing far fast
    faulty feel few fee file fill final finally find fine first five follow following folks for form forward found
    four free friday from front full fully further gas gave general german get getting gift give given giving glad
    go going gone good got great green greetings group guarantee guess guide guys had half hand happen happened
    happening happy hard has hasn't have haven't having he head hello help helpful her here hey hi hike hiking
    hill him his hold holiday home hope hopefully hoping hour hours house how however http https hundred i i'd i'll
    i'm i've idea if im immediately important in including incorrect indeed info information inquiring inside
    instead interested internet into invoice is isn't issue it it's item items its itself january february march
    april may june july august september october november december jacket just keep kind kindly know large last
    late later latest least leave left less let letter like line link list little live local log login long look
    looking lost lot love lovely made mail main make making management manager many map matter maybe me mean meant
    medium member message met might mind mine minute minutes miss missing mistake moment monday money month months
    more morning most mountain move moved moving much multiple must my myself name need needed needs neither never
    new newsletter next nice night no nobody noon nope nor normal north not note nothing now number o'clock of off
    offer office often ok okay old on once one online only onto open option options or order ordered orders
    original other others otherwise our ours out outdoor outside over own owner pack package page paid pair parcel
    part party password past pay payment paypal people per perhaps permanent person phone pick place placed plan
    planning please plus point policy possible post postcode pounds prefer preferably pretty previous price prior
    probably problem process product products promise proof provide purchase purchased put quality question
    questions quick quickly quite quote rather re reach read ready real really reason receipt receive received
    recent recently red refer reference refund refunded refuse regarding regards register related remember remove
    repair repaired replace replacement reply report request requested requesting require required resend reset
    resolve resolved response return returned returning returns right road rude sad safe said sale same saturday
    saw say saying says season second secondly see seem seems sent send seriously service set several shall she
    shell ship shipped shipping shirt shoe shoes shop short should show side sign signed simple simply since sir
    size sleeping small so sold some somebody someone something sometimes soon sorry sort south speak spoke staff
    stand standard start started state status stay stick still stock stop store stove street stuck student stuff
    subject submit such suddenly summer sunday super support supposed sure surely system take taken taking talk
    team technical tell ten tent tents terms terrible than thank thankful thanks that that's the their them then
    there therefore these they thing things think third this those though thought three through thursday thus
    ticket till time times tired to today together told tomorrow tonight too took top total toward track tracking
    trail transaction transfer trip tried trouble true try trying tuesday turn two type ultimately unable under
    unfortunately unhappy until up update updated upgrade upset urgent urgently us usa use used user using usual
    usually very via visit voucher wait waiting walk want wanted wants warehouse warranty was wasn't water way we
    we're we've website wednesday week weekend weeks well went were west wet what what's whatever when where
    whether which while white who whole whom whose why wife will winter wish with within without woman won't
    wonder wondering wonderful work worked working works world worn worried worse worst would wouldn't write
    writing wrong yeah year years yellow yep yes yesterday yet yo you you'll you're your yours yourself zero zip
    madam ma'am hiya there mine not-so super ugh hmm wow oops oh ah aha sure fyi ps pps tia thx pls plz btw
    facebook google amazon visa mastercard american european british french spanish italian dutch swiss
    danish swedish ireland england scotland wales germany france spain italy london berlin paris dublin edinburgh
    christmas easter xmas
    currently frustrated furious writing unable curious wondering leaving trying still also interested
    pleased afraid aware based confused getting locked logged seeing unsure worried contacting reaching following
    really quite just almost happy having looking hoping planning very so not the a an in on at sure ready
    """
)
"""Words that begin sentences, follow greetings or fill support messages, and are no names."""
