"""Word lists for names: first names, surnames, and words that look like names and are none.

Written in small letters and without accents. The row's own customer name and the contexts in
`names` carry most of the load; the lists find the rest.
"""

from __future__ import annotations

from northloop.stages.data.wording import words

FIRST_NAMES = words(
    """
    aaron abby abdallah abdul abdullah abigail abigale abraham achim ada adam adelaide adele adeline
    adil aditi aditya adnan adolfo adrian adriana adrienne afonso agata agnes agnieszka agustin
    ahmad ahmed aida aidan aiden aileen aimee ainhoa aisha aitana aitor ajay akash akira alaina alan
    alana alastair albano albert alberta alberto alec alejandro aleksandar aleksandra aleksei alena
    alessandra alessandro alessia alex alexa alexander alexandra alexandre alexei alexey alexis
    alfonso alfred alfredo ali alice alicia alina alison alistair allison alma alvaro alvin alyssa
    amaia amal amalia amanda amanuel amber ambrose amelia amelie amina amir amit amrita amy ana
    anabela anais anand ananya anastasia anatoly anders andre andrea andreas andrei andres andreu
    andrew andrzej andy angel angela angelica angelina angus anika aniket anil anisa anita anja
    anjali ankit ankita ann anna annabel annalisa anne annelise annette annie annika anouk ansel
    anthea anthony antia antje antoine antoinette anton antonella antonia antonina antonio anuj
    anwar anxo anya aparna arantxa archie ari aria ariana ariel arjun armando arnau arnaud arne
    arnold arthur arturo arun arvid arvind asha ashish ashlee ashley ashok asier asif aslan asma
    astrid aubrey audrey aurora ava axel ayesha ayush azra babette bailey bala balaji balazs
    baptiste barbara barry bart bartosz bas basil bastian bea beate beatrice beatriz becky begona
    belen bella ben benedict benedita benjamin benny benoit bernadette bernard bernardo bernd
    bernice bert bertha beth bethany beverly bhavna bianca biljana bill billie billy bindu birgit
    birgitta bjarne bjorn blaine blanca bob bobby bogdan bohuslav bonnie boris borja boyd brad
    bradford bradley brady brais brandi brandon branko breanna brenda brendan brett brian briana
    brianna bridget brigid brigitte britney britta brittany brittney brooke bruce bruno bryan bryce
    bryn burak byron cai caitlin caleb callum calvin cameron camila camille camryn candace candice
    cara carina carine carl carla carlos carlota carlton carmela carmelo carmen carmine carol
    carolina caroline carolyn carrie carsten casey cassandra cassie catarina caterina cathal
    catherine cathleen cathryn cathy cayetana cecile cecilia cecilie cedric celeste celia celina
    celine cem cesar chad chandler chandra chandran chantal charity charlene charles charlie
    charlotte charo chelsea chema chen cheng cheryl chester cheyenne chiara chinonso chioma chiwetel
    chiyo chloe chris christa christel christelle christian christie christina christine christoph
    christopher christos christy chuck ciara cillian cindy cirilo ciro claire clara clare clarence
    claude claudette claudia claudio clay clemence clemens clement clifford clint clinton clive
    clyde cody colin colleen colton conceicao concetta conchita connor conor conrad constance
    constantin consuelo cordelia corey corinna cornelia cornelius cory cosima costas courtney craig
    cristian cristiano cristina cristobal crystal curtis cynthia cyril dagmar daisy dakota dale
    dalia damian damien dan dana dani danica daniel daniela daniele danielle danny dante danuta
    daphne darcy dario darius darko darla darlene darrell darren darrin darryl dave david dawn dean
    deana deanna debbie deborah debra dee deepa deepak deirdre delia deloris delphine demetrius
    denis denise dennis denys derek desmond destiny devin dexter diana diane dianne diego dieter
    dilip dimitri dinesh dinis dirk divya dmitri dmitry dolly dolores domenico dominic dominik
    dominique donal donald donatella donna donnie dora doreen dorian doris dorota dorothy dorthy
    doug douglas doyle dragan drew duane duarte dubravka duncan dunja durga dustin dwayne dwight
    dylan eamon earl earnest ebony eddie eddy edgar edgardo edith edmund edoardo eduardo edward
    edwin edyta efe egil eileen einar ekaterina elaf elaina elaine eleanor elena eleni eliana elias
    elif elijah elin elina elisa elisabeth elise eliza elizabeth elke ella elle ellen ellie elliot
    elliott ellis elly elodie eloisa eloise elsa elsie elvira emanuel emanuele emerson emi emil
    emile emilia emiliano emilie emilio emily emine emir emma emmanuel emre encarna eneko enrico
    enrique enzo eric erica erich erick erik erika erin erkan ermanno ernest ernestine ernesto ernst
    errol erwin esme esmeralda esperanza esra essie estella estelle esther ethan ethel eugene
    eugenia eugenio eunice eva evan evangeline evangelos eve evelyn ewa ewan ezekiel ezra fabian
    fabio faisal faith fannie farah farhan farid fatima fatma faye federica federico felicia
    felicity felipe felix ferdinand fergus fern fernand fernanda fernando ferran filip filipe finley
    finn fintan fiona fiorella flavia flavio flora florence florian floyd flynn forrest franca
    frances francesca francesco francine francis francisca francisco franck francois francoise frank
    frankie franz franziska fred freda freddie freddy frederic frederick frederik fredrik freya
    frida frieda friedrich fritz fulvio fumiko gabriel gabriela gabriele gabrielle gael gaetano gail
    galina ganesh garazi gareth garrett gary gaston gaurav gauri gavin geert gemma geneva genevieve
    gennaro geoff geoffrey georg george georges georgette georgia georgina georgios gerald geraldine
    gerard gerardo gerd gerhard gerry gertrude giacomo giampiero giancarlo gianluca gianmarco
    gilbert gilberto giles gilles gillian gina ginevra ginger gino giorgio giovanni gita gitte
    giulia giulio giuseppe gladys glen glenda glenn glenna gloria godfrey goncalo gonzalo gopal
    goran gordana gordon gorka grace grady graham grant graziella grazyna greg gregory greta
    gretchen grethe griffin grzegorz guadalupe guido guilherme guillaume guillem gunnar gunter
    gunther gurpreet gustav guy gwen gwendolyn habib hadley hakan hakim haley halima hamid hamish
    hamza hana hanna hannah hanne hannes hans harald haralds hari haris harish harmony harold
    harpreet harriet harry haruka haruki harvey hasan hassan hattie hayden hayley hazel heather
    hector hedda hedvig heidi heike heiko heinrich heinz helder helen helena helene helga helmut
    hendrik henning henri henrietta henrik henrique henry herbert herman hermann hernan hettie
    hilary hilda hildegard hina hiro hiroko hiroshi holger holly homer hope horacio horst howard
    hubert hugh hugo humberto hussein huw iago ian ibrahim ibrahima ida ignacio igor iker ilan
    ilaria ilona ilse imani imelda imogen imogene imran indira ines inez inga inge ingeborg inger
    ingrid inigo inka inmaculada ioana iolanda iona ionut irene irina iris irma irmgard irvin irving
    isaac isabel isabella isabelle isaiah isaias isha ishaan ishita isidro isla ismael ismail ismet
    israel itziar ivan ivana ivano ivar ivo ivone ivy iwan izabela jaap jacinta jack jackie jackson
    jacob jacopo jacqueline jacquelyn jacques jade jaden jagdish jaime jake jakob jakub jalen jamal
    james jamie jan jana jane janek janelle janet janette janez janice janie janika janina janis
    janusz jared jarek jaroslav jarrod jarvis jasmin jasmina jasmine jason jasper jaume javad javi
    javier jay jaya jayden jayesh jean jeanette jeannette jeannie jeff jeffery jeffrey jeffry jelena
    jemma jen jenifer jenna jennie jennifer jenny jens jeremy jeri jeroen jerome jerri jerry jesper
    jess jesse jessica jessie jesus jewel jewell jill jim jimena jimmy jin jiri jo joachim joan
    joana joanie joann joanna joanne joaquin job jocelyn jochen jodi jody joe joel joelle joerg
    johan johann johanna johannes john johnathan johnnie johnny jolanda jolene jolie jon jonah jonas
    jonathan jonna joost jordan jordi jorge joris jose josef josefa josefine joselyn josep joseph
    josephine josette josh joshua josiah josu jovana joy joyce jozica juan juana juanita judah
    judith judy julia julian juliana julianna julie julien juliet juliette julio julius jun junaid
    june junko jurgen jussi justin justine jutta kai kaitlin kaitlyn kaja kajal kalman kalpana
    kalyan kamal kamala kamil kamila kana kara karan karen karim karin karina karl karla karolina
    karsten karthi karthik kasia katarina katarzyna kate katelyn katelynn katerina katharina
    katharine katherine katheryn kathie kathleen kathrin kathrine kathryn kathy katie katja katrin
    katrina kavita kavitha kaya kayden kayla kaylee kazimierz kazuo keiko keira keisha keith kelley
    kelli kelly kelsey kelvin ken kenan kendall kendra kendrick kenji kenneth kenny kent kenya keri
    kerri kerry kerstin kevin khalid kiara kieran kieron kilian kim kimberly kiran kirk kirsten
    kirsty kishore kjell klaas klara klaus knud koen kofi komal konrad konstantin kostas krishna
    krista kristen kristi kristian kristie kristin kristina kristof kristopher kristy krystal
    krystyna krzysztof kumar kunal kurt kurtis kwame kyle kyra laia lakeisha lakshmi lalita lamar
    lana lance lara laraine larry lars latha latonya latoya laura laurel lauren laurence laurent
    lauri laurie lavanya lawanda laxmi layla lea leah leandra leandro leann leanne lee leif leigh
    leila leire lela leland lelia len lena lenka lennart lenny leo leon leonard leonardo leonid
    leonie leonor leonora leopold leroy lesia leslie leszek leta letitia lev levi lewis lexi li liam
    liana libby lidia lieke liesbeth lila lilian liliana lilli lillian lillie lily lina linda
    lindsay lindsey lindy linh linnea linus lionel lisa lisbeth lise lisette livia liz lizzie
    ljiljana ljubica lloyd logan lois lola lonnie loredana lorena lorenzo loretta lori lorna
    lorraine lothar lotte lottie lou louella louie louis louisa louise lourdes lourenco lubos luc
    luca lucas lucia luciana luciano lucie lucille lucinda lucy ludmila ludovic ludwig luella luigi
    luis luisa luise luka lukas lukasz luke luna luther lydia lyle lynda lyndon lynette lynn lyra
    mabel mable macarena maciej mackenzie maddison madeleine madhavi madhu madhuri madison mads mae
    maeve mafalda magda magdalena maggie magnolia magnus mahendra mahesh mahmoud mai maike maite
    maja majda makoto malcolm malgorzata malia malik malika mallory malte mandi mandy manfred manish
    manoj manoli manon mansi manuel manuela mara marc marcel marcela marcella marci marcia marcin
    marco marcos marcus mareike maren margaret margareta margarete margarita margaux margie margo
    margot marguerite mari maria mariah mariam mariana marianne mariano maribel marie mariel
    marietta marija marilyn marin marina mario marion marisa marisol marissa marius marjorie mark
    markku marko markus marla marlene marlies marlon marsha marta marten martha martim martin
    martina marty marva marvin mary maryam masako mason massimo mateo mateusz mathew mathias mathieu
    mathilda mathilde matilda matilde matt matteo matteus matthew matthias matthieu mattie maude
    maura maureen maurice mauricio maurizio mauro max maxim maxime maximilian maxine maxwell maya
    mayank mayra mayte mayumi mckenzie meagan meena meenakshi meera megan megha meghan mehdi mehmet
    mehul mei melanie melba melina melinda melisa melissa melody melvin mercedes meredith merete
    meritxell merle mette mia micah michael michaela michail michal michel michela michele michelle
    michiko mickey miguel mihai mikael mikaela mike mikel mikhail mikkel mikko mila milan mildred
    milena miles millie milo milos milton min mina mindy minh minna minnie mira miranda mireia
    mirela mirella miren miriam mirjam mirjana miroslav misha misty mitchell mitzi mohamed mohammad
    mohammed mohan mohsin moira moises mollie molly mona monica monika monique monte montgomery
    montserrat morgan moritz morten moses muhammad muhammed mukesh mungo murali muriel murray
    mustafa muthu myles myra myrna myrtle nabil nacho nadia nadine nadya nagore naima nana nancy
    nandini naomi napoleon narayan narendra natalia natalie nataly natalya natasha nathalie nathan
    nathaniel naveed naveen navya nazir ned neela neeraj neha neil nekane nell nellie nelly nelson
    nerea nestor nettie neus nevaeh niccolo nicholas nick nickolas nicky nico nicola nicolas nicole
    nicolette nidhi niels nigel nikhil nikita nikki niklas nikola nikolai nikos nilesh nilima nils
    nimisha nina nisha nishant nita nitin njal noah noel noelia noemi noemie nola nolan nora norah
    norbert noreen norma norman nuno nunzia nuria nyla octavia odessa odile odin oihane ola olaf
    olaya oleg oleksandr olena olga oliver olivia olivier olle ollie olof oluwaseun omar omari
    ondrej onur opal ophelia ora orhan oriol orla orlando ornella orsolya orson orville osama oscar
    oskar osman osvaldo otis ottilie otto ove owen ozan pablo paco paddy padma paige pallavi pamela
    panagiotis paola paolo paqui paresh parvati pascal pascale pasquale patric patrica patrice
    patricia patrick patrik patsy patti patty paul paula pauli pauliina paulina pauline paulo pavel
    pavol pawel payal pearl pedro peer peggy penelope penny per perla pernille perry petar pete
    peter petr petra petros peyton phil philip philipp philippa philippe philippos phillip phoebe
    phyllis pia piera pierce pierluigi piero pierpaolo pierre pieter pietro pilar pinar piotr pirjo
    piyush polly pooja poppy prabhu pradeep pragya prakash pramod pranav prasad prasanna prashant
    pratik praveen preeti prem preston priscilla pritam priya priyanka przemyslaw puja punit queen
    quentin quincy quinn quique rachael rachel radek radha radka radoslav rafa rafael rafaela rafal
    raffaele raghav raghu rahul raimund raina rainer raj rajan rajat rajeev rajendra rajesh rajiv
    raju rakesh ralf ralph ram rama ramesh rami ramiro ramon ramona randal randall randy rani ranjit
    raphael raquel rashid rashmi rasmus raul raven ravi ravinder ray raymond raymundo rayna razvan
    reba rebecca reece reem reggie regina reginald reiko rein reiner reinhard reinhold remy rena
    renae renata renate rene renee renu reuben reva rex reynaldo rhea rhett rhiannon rhoda rhonda
    rhys ria ricarda ricardo riccardo richa richard rick ricky riku riley rishabh rishi rita ritesh
    ritika ritu rob robbie robert roberta roberto robin robyn rocco rochelle rocio rocky roderick
    rodney rodolfo rodrigo roelof rogelio roger rohan rohini rohit roisin roland rolando rolf roma
    romain roman romina romy ron ronald ronan ronny roopa rory rosa rosalba rosalia rosalie rosalind
    rosalyn rosamund rosana rosanna rosaria rosario roscoe rose roselyn rosemarie rosemary roser
    rosie roslyn ross roswitha rowan roxana roxanne roxie roy royce ruben ruby rudolf rudy rufus rui
    rune rupal rupert ruslan russell rusty ruta ruth ruthie ryan ryder saad sabela sabina sabine
    sabrina sachin sadia sadie safiya sahil saleh salim sally salma salome saloni salvador salvatore
    sam samantha sami samir samira sampath samuel sana sandeep sander sandhya sandra sandro sandy
    sanja sanjana sanjay sanjeev sanna santhosh santiago santosh santoshi saoirse saqib sara sarah
    sarika sasha saskia sathish satish satya saul saurabh savannah savita sawyer scarlett scott
    seamus sean sebastian sebastiano seema selena selim selina selma semih senthil serena serge
    sergei sergey sergio serhat seth severin shabnam shahid shaikh shaila shaina shakira shalini
    shana shanaya shane shanice shankar shanna shannon shantel shanthi sharad shari sharif sharla
    sharmila sharon sharron shashi shaun shauna shaunna shawn shay sheela sheila shelby sheldon
    shelia shell shelley sheree sheri sherman sherri sherrie sherry sheryl shilpa shinji shira
    shirin shirley shiva shivani shoaib shobha shreya shruti shubham shweta shyam sian sibylle sid
    siddharth sidney sidsel siegfried siegrid sienna sigmund signe sigrid sigurd silas silje silke
    silvia silvio simao simeon simon simona simone sindhu sinead siobhan siri sivakumar skye skyler
    slavica slavko sneha snezana snjezana socorro sofia sofie sohail sol soledad solomon solveig
    sonal sondra sonia sonja sonya sophia sophie soraya soren spencer srinivas sriram stacey stacie
    stacy stan stanislav stanislaw stanley stefan stefania stefanie stefano steffen steinar stella
    steph stephan stephane stephania stephanie stephanos stephen sterling steve steven stevie
    stewart stig stina stine stuart subhash sudha sudhir sue sujata suman sumit sunil sunita sunny
    suraj surendra suresh surya susan susana susann susanna susanne sushma susie suzanne suzette
    suzie sven svenja swapnil swati sybil sylvain sylvester sylvia sylvie sylwia szymon tabatha
    tabea tabitha tadeusz taha tahir takashi takeshi talia tamar tamara tameka tami tamika tammy
    tamra tania tanika tanja tanmay tanner tanvi tanya tara tariq taru tarun tasha tatiana tatjana
    tatum tatyana taylor ted teddy teemu tejas telmo temitope teodor teodora teppo tera terence
    teresa teri terrance terrence terri terry tess tessa tessie thaddeus thalia thandi thea thelma
    theo theodor theodore theresa therese thibault thierry thijs thilo thomas thor thora thorben
    thorsten tia tiago tiana tibor tiffany tiina tilda tilde till tim timo timon timothy timur tina
    tino tiziana tjark tobias tobie toby todd tom tomas tomasz tomi tommaso tommy tomoko toni tonia
    tony tonya tora tore torsten tova tracey tracie tracy travis trent trevor tricia trine trish
    trisha tristan troels trond troy trudy tuomas tushar tuva twila txell tyler tyra tyrone tyson
    udo ulf ulla ulrich ulrike ulysses uma umar umberto umesh unai unni urs ursula uschi usha ute
    uwe uxia vaibhav vaishali valarie valencia valentin valentina valentine valeria valerie valerio
    valeriy valery vandana vanesa vanessa vania varun vasanth vasco vasily vasu veda vedran vega
    velma venkat venkatesh vera verena verna vernon veronica veronika vibha vicente vicki vickie
    vicky victor victoria vidya vigdis vijay vikas vikki vikram viktor viktoria vilma vimal vinay
    vince vincent vincenza vincenzo vineet vinka vinod viola violet vipul viraj virat virgil
    virginia vishal vishnu vitor vivek vivian vivien vivienne vlad vladimir vladislav vlasta volker
    vuk wade waheed waldemar walid wallace walter waltraud wanda wang wasim wayne wei wenche wendell
    wendy wenke werner wesley wiebke wiktor wilbert wilbur wilfred wilfredo wilfried wilhelm
    wilhelmina will willa willard willem william willie willy wilma winifred winston witold wojciech
    wolfgang woody xander xavier xenia xenophon ximena xin xoan yadira yael yan yann yannick yara
    yash yasin yasir yasmin yasmine yasser yassine yelena yesenia yogesh yoko yolanda yolande yoshi
    yoshiko youssef yuan yuki yulan yuliya yumi yunus yuri yusra yusuf yvan yves yvette yvonne
    zachary zachery zack zahra zain zainab zaira zane zara zbigniew zdenek zdenka zelda zeljka
    zeljko zelma zenia zeynep ziad zina zita zlatan zoe zofia zoila zoltan zoran zsofia zubair
    zuzana
    """
)

AMBIGUOUS = words(
    """
    ada adelaide adele alexa alma amal amber andy angel annie ari aria art ash asha aslan aurora
    austin bailey baptiste bas basil bea beate bella ben berg bernice bill billy bob bonnie
    brandon brittany brook brooke burak cai candice carl carol carolina carrie casey cem chad
    chandler charity charlotte chase chelsea chen cheng cheyenne chuck clay clinton cody conrad
    constance coral cornelius costa courtney crystal daisy dakota dale dallas dan danny dante dawn
    dean dee denis desmond destiny diego dolly dora drew earl ellis eve faith fern finn flora
    florence ford frank gail gene geneva georgia ginger grace grady grant griffin guadalupe guy
    hana harmony harry hazel heather henry herman holly homer hope iris irving israel ivy jack
    jackson jade jan jasper jay jaya jean jesus jewel jo job jordan joy jun june kai karim kaya
    kelly kent kenya kerry kim kiran kirk lana lance laurel lee leigh len lev levi lewis li lie
    lily logan lou luna madison mads mae mai mark mason max mei melody mercedes mercy mia micah
    milan miles milo min mina misha misty montgomery morgan nana ned nice nick norman odessa ola
    olive opal ora orlando oscar paris pat patty pearl peer penny per perry phil pierce poppy
    preston price queen quinn ram raven ray regina rein remy rex ria rich rick riley rita rob
    robin rocco rocky roman rose rosie ross rowan roy royal ruby rui rune rusty ruth sage sally
    salvador sam sandy sasha sawyer scott shay shell sid sienna sierra siri sky skye sol spencer
    stan stella sterling stewart sue summer sunny surya sydney tanner taylor ted terry thor tia
    tilda till tim tom tony trent uma urs valencia valentine vega victor victoria viola violet
    virgil virginia wade wanda wang ward wayne wei will woody xin young yuan zen
    cara caro roma
    """
)
"""First names that are words, places or things too: they need a capital and a surname."""

SURNAMES = words(
    """
    abbas abdullah abebe adams adeyemi agarwal aggarwal aguilar ahmad ahmed akhtar albrecht
    alexander ali allen allison almeida alonso alvarez alves anand andersen anderson andersson
    ansari araujo armstrong arnaud arnold arora arslan aslam atkinson aydin aziz babic babu bailey
    bajaj bakker banerjee barajas barbier barbieri barbosa barnes barrett bashir basu bauer
    baumann bautista becker begum bennett benson berglund bergmann bergstrom bertrand bhat bhatt
    bianchi bishop biswas blair blanchard boateng bohm bondarenko bonnet bose boyd bradley brandt
    braun brennan brooks brouwer brown brunet bryant buchanan bui burgess burke burns burton byrne
    caballero cabrera calvo cameron campbell cardoso carlson carpenter carroll carson carter
    carvalho castillo castro celik chakraborty chambers chan chandler chapman chatterjee chaudhary
    chauhan chavez chen choi chopra chowdhury christensen claes clark clarke coleman collins
    colombo connor conti cook cooper correia costa cox crawford cruz cunningham curtis dabrowski
    dalton das davidson davis dawson de-vries delgado demir deng desai deshpande devi diallo diaz
    dietrich dijkstra dimitrov dixon dlamini doherty dominguez donovan douglas doyle dubois duffy
    dumont duncan dunn dupont durand dutta dvorak edwards elliott ellis eriksson esposito evans
    eze farooq feng ferguson fernandes fernandez ferrari ferreira fischer fisher fitzgerald
    fleming fletcher flores flynn fontaine foster fournier fowler francis franklin fraser frazier
    friedrich gaillard gallagher gallego gandhi ganesan garcia garner garrett garrido gauthier
    georgiev georgiou ghosh gibbs gibson gilbert giordano girard giraud goel gomes gomez gonzalez
    goodman goossens gordon goyal grabowski graham gray greco griffin griffiths guerrero guo gupta
    gutierrez guzman haas haddad hall halvorsen hamid hamilton hansen hanson hardy harper harris
    harrison hartmann harvey hasan hassan haugen hawkins hayes hegde henderson hendriks hernandez
    herrera herrero hicks higgins hoang hoffman hoffmann hofmann hogan holland holmes hopkins
    horton horvat horvath hossain howard huang hudson hughes hussain iglesias ingram ionescu iqbal
    ivanov iversen iyer jackson jacobs jacobson jadhav jafari jain jang jankowski jansen janssen
    janssens javed jefferson jenkins jennings jensen jha jiang jimenez johansen johansson johnson
    jones jordan jorgensen joshi jovanovic jung juric kaczmarek kaminski kang kanna kapoor karimi
    karlsson kaur kelly kennedy kerr khalil khan khanna kilic kim klein knox knudsen kobayashi
    koch kohli korhonen kovacevic kovacs kovalenko kowalczyk kowalski kozlov kramer krause
    krawczyk krishnan kristensen kruger kuhn kulkarni kumar kuznetsov lambert lange larsen larson
    larsson laurent lawrence lawson lebedev lee lefebvre lehmann lemaire leonard leroux leroy
    lewandowski lewis liang lindberg lindstrom liu lloyd logan lombardi longo lopes lopez lorenz
    lozano lundgren luo lynch lyons macdonald madsen maes mahajan mahmood mahmoud makinen
    maldonado malhotra malik malone mancini manning mansour marchand marchetti marino markovic
    marques marshall martin martinelli martinez martins mason masson matthews maxwell mccall
    mccarthy mccormick mccoy mcdaniel mcdonald mcgrath mcguire mckenna mckenzie mckinney
    mclaughlin mclean mcmahon mcnamara medina mehra mehta meijer mendes mendez mendoza menon
    mensah mercer mercier mertens meunier meyer michel miller mirza mishra mitchell mitra mohamed
    mohammed mohan moller monteiro montgomery moore morales moran moreau moreira moretti morgan
    morin morozov morris morrison morrow mortensen moyer mueller mukherjee mulder mullen muller
    mullins munoz murphy murthy mustafa myers naidu nair nakamura narayanan nash nasser navarro
    nayak ndiaye neal nelson neumann newman newton nguyen nichols nicholson nielsen nieminen
    nikolic nilsson nkosi nolan norris norton novak novikov nowak nunes nunez nwosu nystrom
    o'brien o'connor o'neill o'sullivan ocampo ochoa oconnor odonnell okafor okoye oliveira oliver
    olsen olsson oneill ortega ortiz osborne osman owens owusu ozturk pacheco padilla palmer
    pandey pandit papadopoulos parker pascual patel patil patterson patton payne pearson pedersen
    pereira perez perkins perrin persson peters petersen peterson petrov petrovic pham phan
    phillips pillai pittman pohl poole popescu popov potter poulsen prasad pratt preston price
    prochazka qureshi raghavan rahimi rahman raman ramirez ramos ramsey rana randall rangan rao
    rashid rasmussen rathore rawat reddy reed reid reilly reyes reynolds rhodes ribeiro ricci
    richards richardson richter rinaldi rivera robbins roberts robertson robinson rodgers
    rodrigues rodriguez rogers romano romero rosales rosario ross rossi rousseau roussel roux ruiz
    russell russo sahin saini salazar saleh salim salinas sanchez sanders sandoval santana santoro
    santos sanz sasaki sato saunders saxena schmidt schmitt schneider schreiber schroder schroeder
    schubert schulte schultz schulz schulze schumacher schuster schwartz schwarz seidel sekar
    sekaran selvam serrano sethi shah shaikh shankar sharma shea sheehan sheikh shepherd sherman
    shetty shevchenko shukla siddiqui silva simmons simpson sinclair singh sinha skinner sloan
    smirnov smith snyder soares sokolov solberg solis srinivasan stanley staple stephens
    stephenson stevens stevenson stewart stokes strickland stuart subramanian sullivan sundaram
    sutherland sutton suzuki svoboda swanson sweeney syed szabo szymanski takahashi tanaka taylor
    teixeira thakur thomas thompson thomsen thornton tiwari torres tran traore trevino tripathi
    trivedi tucker turner tyler underwood valdez vargas varma vasquez vaughan vaughn vazquez
    velasquez velavan venkatesh verma vermeulen vidal vieira villa virtanen visser voigt volkov
    vyas wagner wallace walsh walters walton wang warren washington watanabe watson weaver webb
    weber webster welch werner whitaker whitehead whitney wiggins wilcox wilkins wilkinson willems
    williams willis wilson winkler wolf wolfe wong wood woodward wouters wozniak wright wu wyatt
    xie yadav yamada yamamoto yang yildiz yilmaz yoon yoshida zamora zeng zhang zhao zheng zhou
    zhu ziegler zielinski zimmerman zimmermann
    """
)

COMMON_WORDS = words(
    """
    a able about above ac acc accept according account action actually add added additional
    address afraid after afternoon again against agent ago ah aha all almost alone along already
    also alternatively although always am amazing amazon american an and another answer any
    anybody anymore anyone anything anyway apart apologies app apparently appears apple april are
    area around arrived as asap ask asked asking at attached august automatic available aware away
    awesome back bad bag based basically be because been before behind being below berlin best
    better between big bit blue book boot boots bot both box brand bring british broken brown btw
    business but buy buying by call called calling can can't cancel cancelled card cards care cart
    case catalogue chair change changed changes charge charged chat check checked checking
    checkout cheers christmas city clear click client closed code cold collect color colour come
    coming company complete completely confirm confirmation confused consumer contact contacting
    correct cost could country couple credit curious currently customer customers danish data date
    day days deal dear december delayed deliver delivered delivery department despite details did
    didn't different disappointed discount dispatch do dob does doesn't doing don't done down
    dublin due during dutch each earlier early easter easy edinburgh either else email emails emil
    england english enough enquiry error euro europe european even evening event ever every
    everybody everyone everything exactly example except exchange excited excuse expected
    experience express extremely facebook facing far fast faulty february fee feel few file fill
    final finally find fine first five folks follow following for form forward found four france
    free french friday from front frustrated full fully furious further fyi gas gave general
    german germany get getting gift give given giving glad gmail go going gone good google got
    great green greetings group guarantee guess guide guys had half hand happen happened happening
    happy hard has hasn't have haven't having he head hello help helpful her here hey hi hike
    hiking hill him his hiya hmm hold holiday home hope hopefully hoping hour hours house how
    however http https human humans hundred i i'd i'll i'm i've idea ids if im immediately
    important in including incorrect indeed info information inquiring inside instead interested
    internet into invoice ireland is isn't issue it it's italian italy item items its itself
    jacket january july june just keep kind kindly know large last late later latest least leave
    leaving left less let letter like line link list little live local locked log logged login
    london long look looking lost lot love lovely ma'am madam made mail mailid main make making
    management manager many map march mastercard matter may maybe me mean meant medium member
    message met might mind mine minute minutes miss missing mistake mobile moment monday money
    month months more morning most mountain move moved moving much multiple must my myself name
    need needed needs neither never new newsletter next nice night no nobody noon nope nor normal
    north not not-so note nothing november now nr number o'clock october of off offer office often
    oh ok okay old on once one online only onto oops open operator option options or order ordered
    orders original other others otherwise our ours out outdoor outside over own owner pack
    package page paid pair parcel paris part party password past pay payment paypal people per
    perhaps permanent person phone pick pin place placed plan planning please pleased pls plus plz
    point policy possible post postcode pounds pps prefer preferably pretty previous price prior
    probably problem process product products promise proof provide ps purchase purchased put
    quality question questions quick quickly quite quote rather re reach reaching read ready real
    really reason receipt receive received recent recently red refer reference refund refunded
    refuse regarding regards register related remember remove repair repaired replace replacement
    reply report request requested requesting require required resend reset resolve resolved
    response return returned returning returns right road robot rude sad safe said sale same
    saturday saw say saying says scotland season second secondly see seeing seem seems send sent
    september seriously service set several shall she shell ship shipped shipping shirt shoe shoes
    shop short should show side sign signed simple simply since sir size sleeping small so sold
    some somebody someone something sometimes soon sorry sort south spain spanish speak spoke ssn
    staff stand standard start started state status stay stick still stock stop store stove street
    stuck student stuff subject submit such suddenly summer sunday super support supposed sure
    surely swedish swiss system take taken taking talk team technical tell ten tent tents terms
    terrible text than thank thankful thanks that that's the their them then there therefore these
    they thing things think third this those though thought three through thursday thus thx tia
    ticket till time times tired to today together told tomorrow tonight too took top total toward
    track tracking trail transaction transfer tried trip trouble true try trying tuesday turn two
    type ugh ultimately unable under unfortunately unhappy unsure until up update updated upgrade
    upset urgent urgently us usa use used user using usual usually very via visa visit voucher
    wait waiting wales walk want wanted wants warehouse warranty was wasn't water way we we're
    we've website wednesday week weekend weeks well went were west wet what what's whatever when
    where whether which while white who whole whom whose why wife will winter wish with within
    without woman won't wonder wonderful wondering work worked working works world worn worried
    worse worst would wouldn't wow write writing wrong xmas yeah year years yellow yep yes
    yesterday yet yo you you'll you're your yours yourself zero zip
    aisle appointment balance bank bill boarding booking bookings burger bye byebye byee cash
    checks cheese cheque chicken chief claim claims coffee coke college corporation court debit
    digit digits director doctor drink driver drivers economy evng flat flight flights food
    foundation fries gd gmbh goodbye goodnight gud heya heyy hii hiii hlo hlw hospital iam inc
    insurance kk law licence license llc ltd morng mrng okey oki okk passenger passengers passport
    pizza plc pleasure plss plzz president salad sauce savings school seat shows sizes social sori
    sry superb tax tea thanku thankyou transfers u university ur veg window wine ya yah yea yup
    """
)
"""Words that begin sentences, follow greetings or fill support messages, and are no names."""

TECHNICAL_WORDS = words(
    """
    access adapter admin agnostic aggregate algorithm allocation android api apis appender archive
    argument array artifact aspect async attribute audit authentication backend backoff backup
    balancer batch beta binary bios block boot branch browser buffer bug build builder bundle byte
    cache callback capacity channel checkpoint checksum chrome chunk class cleanup cli cloud
    cluster codec commit committer compatibility compiler component compression conclusion config
    configuration connection connector console container context controller counter cpu crash
    credential cron daemon dashboard database debug default delegation deployment descriptor
    desktop device directory disk dns docker domain driver dump edge encryption endpoint engine
    entry environment error exception executor explorer export factory failover failure fallback
    feature fetch filesystem filter firefox firewall firmware flag folder framework frontend
    function gateway git github hadoop handler hardware hash heap heartbeat history hook host html
    http idle implementation import index init input installer instance integration interface
    interval ios iterator jar java javascript json kernel kerberos key latency launcher layer
    length level library limit linux listener loader lock log logger logging login loop macos
    manifest mapper maven maximum memory merge metadata metric metrics microsoft middleware
    migration minimum mode module monitor mozilla namespace network node null object offset
    opera operator oracle output parameter parser patch path payload permission pipeline platform
    plugin pod pointer policy pool port prefix printer priority processor profile protocol
    provider proxy python queue quota random reader receiver record recovery redirect region
    registry release remote renderer replica repository resource resources restore retries retry
    role root router routine row rpc runner runtime safari sandbox scanner scheduler schema script
    sdk seamonkey segment sequence serializer server servers service session shard signature
    snapshot socket software source spark split sql ssl stack startup storage stream string
    sync syntax system table target task template terminal test thread threads threshold throttle
    timeout timestamp tls token tool trace trigger ubuntu uri url user utility utils validator
    value vector vendor version volume vpn web widget wifi window windows worker workers wrapper
    writer xml yarn zone
    """
)
"""Words of computing that are written with capitals, too, and are no names."""

WORDY_SURNAMES = words(
    """
    banks bell best black bond brown case cash cook cross day drinkwater field fields fish ford fox
    frost gold good gray green grey hand head hill hunt king lane law little long love march may
    mills noble page parks pool post power powers price read rivers rose sale sharp shields short
    singer small snow spring steel stone street strong summers swan swift wall ward waters weeks
    wells west white winters wise wolf wood york young
    """
)
"""Surnames that are everyday words, which belong to the name only behind another part of it."""

PLACES = words(
    """
    afghanistan africa albania algeria america amsterdam antwerp argentina asia athens australia
    austria azerbaijan bahamas bahrain bangalore bangkok bangladesh barcelona basel bavaria beijing
    belarus belgium belgrade bengaluru berlin bilbao birmingham bolivia bologna bombay bosnia boston
    brasil brazil bremen bristol brooklyn brussels bucharest budapest bulgaria burkina burma cairo
    calgary california cambodia cameroon canada canberra capetown chengdu chennai chicago chile
    china
    cologne colombia colorado copenhagen croatia cuba cyprus czechia dakar delhi denmark denver
    detroit deutschland dubai dubrovnik düsseldorf ecuador edinburgh egypt england españa estonia
    ethiopia europe faso fiji finland frankfurt france gdansk geneva genoa germany ghana glasgow
    gothenburg greece greenland guatemala hamburg hannover hawaii helsinki honduras houston hungary
    hyderabad iceland india indonesia iran iraq istanbul italia italy jakarta jamaica japan
    kazakhstan
    krakow kraków kuwait kyiv kyoto lagos latvia lebanon leeds leipzig liberia libya liechtenstein
    lisboa lisbon lithuania liverpool london london luxembourg lyon madras madurai malaysia malmö
    malta manchester manhattan marseille melbourne mexico miami michigan milano minneapolis
    minnesota
    moldova monaco mongolia montenegro montreal morocco moscow mumbai munich muenchen münchen
    mozambique myanmar nairobi namibia nantes naples napoli nepal netherlands newcastle newyork
    nigeria norway nürnberg oman ontario oregon osaka oslo ottawa oxford pakistan palermo palestine
    panama paraguay paris peru philippines philadelphia phoenix poland polska porto portugal poznań
    prague pune qatar quebec queensland rio riyadh roma romania rome rotterdam russia rwanda
    salzburg
    sapporo scotland seattle senegal seoul serbia sevilla seville shanghai shenzhen singapore
    slovakia
    slovenia somalia spain stockholm strasbourg stuttgart sudan suomi sverige sweden switzerland
    syria taipei taiwan tallinn tanzania texas thailand tibet tokyo torino toronto toulouse tunisia
    turin turkey uganda uk ukraine uruguay usa utrecht uzbekistan vancouver venezuela venice vienna
    vietnam vilnius warsaw warszawa washington wien yemen york yorkshire zagreb zambia zimbabwe
    zurich
    zürich alaska arizona florida illinois jersey kansas nevada ohio utah vermont wyoming
    """
)
"""Countries and large towns: alone they say little of a person."""

BRANDS = words(
    """
    acer adidas adobe airbnb aldi alexa alibaba amazon amex android apple asus audi aws bmw boeing
    bosch bosh bugatti buick cadillac canon chevrolet chevy chrysler cisco citroen civic coca cola
    corolla cortana corsa dacia dell deliveroo dhl disney dodge doordash dpd dyson ebay epson etsy
    facebook fanta fedex ferrari fiat firefox fitbit focus fortune galaxy garmin gmail google
    hermes hilton honda huawei hulu hyundai ibm ikea instagram intel ipad iphone jaguar jeep kia
    klarna lamborghini lego lenovo lexus lg lidl linkedin lyft macbook mahindra marriott maruti
    maserati mastercard mazda mercedes messenger microsoft mitsubishi motorola mustang nespresso
    netflix nike nikon nintendo nissan nokia nvidia office opel oracle outlook panasonic paypal
    pepsi peugeot philips pixel playstation polo porsche prada prius puma ram renault rolex safari
    salesforce samsung sap seat sharp shell shopify siemens siri skoda skype slack sony spotify
    sprite
    starbucks steam subaru suzuki swift tata teams telegram tesco tesla tiktok toshiba toyota
    twitter
    uber ubuntu ups verizon visa vodafone volkswagen volvo vw walmart whatsapp windows wix xbox
    xiaomi
    yahoo yamaha youtube zalando zara zendesk zoom versa camry accord altima elantra verna santro
    innova scorpio alto creta
    """
)
"""Makers, makes and programs that people write of, some of them named after people."""

NAMED_AFTER_PEOPLE = r"""
    michael[ _]kors | calvin[ _]klein | tommy[ _]hilfiger | ralph lauren | hugo boss | paul smith
    | marc jacobs | kate spade | louis vuitton | yves saint laurent | giorgio armani
    | jack daniel'?s?
    | jack wolfskin | ben sherman | ben (?:and|&) jerry'?s? | dr\.? martens | dr\.? pepper
    | ted baker
    | papa john'?s? | trader joe'?s? | jp ?morgan(?: chase)? | morgan stanley | wells fargo
    | fannie mae
    | charles schwab | goldman sachs | howard johnson'?s? | harley[- ]davidson | rolls[- ]royce
    | mercedes[- ]benz | aston martin | alfa romeo | air jordans? | marks (?:and|&) spencer
    | john lewis | john deere | johnson (?:and|&) johnson | ernst (?:and|&) young | tim hortons
    | nina ricci | paco rabanne | jean paul gaultier | christian dior | coco chanel | pierre cardin
    | karl lagerfeld | tom ford | jimmy choo | vera wang | tory burch | stella mccartney | max mara
    | vivienne westwood | jo malone | carolina herrera | helena rubinstein | laura ashley
    | charlotte tilbury | bobbi brown | mary kay | albert heijn | douwe egberts | johnnie walker
    | dr\.? oetker | mrs\.? meyer'?s | uncle ben'?s | aunt jemima
    | victoria'?s secret | eddie bauer | elizabeth arden | estee lauder | tiffany (?:and|&) co
    | san francisco | san jose | san diego | santa maria | st\.? (?:louis|petersburg|moritz)
"""
"""Makers, shops and towns that are called as people are."""
