"""Given names that stand for one another: baptismal name and name of use, short forms, spellings.

Each line is one name with its variants; a name may stand on several lines ("bert"). Dutch first, then English, German,
French and a few that are common in the Netherlands. Written down from general knowledge; evidence, not proof.
"""

# ruff: noqa: E501 - one name with all its variants is one line

from __future__ import annotations

from functools import cache

from klantbeeld.engines.matching.normalise.given_names import NAMES

_LINES = """
johannes jan hans johan joop hannes joannes jo john han jannes janus
jan johannes johan jean
cornelis kees cor cees corneel nelis cornelius
hendrik henk rik hein henri hendrikus hendricus henricus harrie harry heini rikus
willem wim willy wil pim wilhelmus bill helmus william guillaume wilhelm
petrus piet peter pieter pierre per
pieter piet peter petrus
gerrit ger gert gerard geert gerardus gerhardus gerrie gerhard
jacobus jaap koos sjaak jacob ko jac james kobus jack jacques jakob
antonius ton toon anton antoon tony teun antonie tonnie antoine anthony antoni twan
theodorus theo dorus teo theodoor
franciscus frans frank franc francois francis franz
adrianus ad arie adriaan adri adrie jos janus adrian aad
adriaan ad arie adrianus adri
nicolaas nico klaas niek nicolas nick niels nicholas nikolaus claas
martinus martin tinus maarten marten mart martijn
lambertus bert bertus lambert
albertus bert ab albert bertus appie
hubertus bert huub hub hubert huib
robertus rob robert bert
gijsbertus gijs bert gijsbert
engelbertus bert engelbert
norbertus bert norbert
egbertus bert egbert
thomas tom tommy thom
michael mike michel mick maikel mikael michiel micha
michiel chiel michael
alexander alex sander lex xander alexandre aleksander sasha
sebastiaan bas sebastian bastiaan
mathijs thijs matthijs mathias matthias matthew mat matt matteo mattheus
robert rob bob bobby robbie bert robin
daniel daan dan danny
leonardus leo leon leonard lennard len
josephus jos joseph sjef jozef joep joe josef sef jef
christiaan chris christian christianus
christoffel chris stoffel christoph christopher kris
wilhelmus wim willem wil willie helm
laurentius laurens lau rens lourens laurent lorenzo
stephanus stef steven stefan stephan fons stephen steve
alphonsus fons alfons
augustinus guus august stijn gust
augustus guus august
gustaaf guus gustav staf
everardus evert eef
bernardus ben bernard berend nard bernd bernhard
benjamin ben benny benno
dirk dick diederik derk theodoric
richard rick dick ries rich ricardo
rudolf ruud rudi rolf rudolph
paulus paul pol pauwel
simon siem siemen
arnoldus nol arnold arno noud
aloysius wies louis
ludovicus lodewijk louis lou lowie ludwig
lodewijk louis lou
marinus rinus mari rien
quirinus rinus krijn
severinus rinus
eduard ed edward eddy ward edouard
edward ed eddie ted ned eddy edouard
edwin ed eddie win
edmund ed eddie
frederik fred frits freek frederick ferry friedrich fredrik rik
ferdinand ferry fer nand
gregorius gregor joris greg
georgius joris george sjors georg jurgen jorge jurjen
karel carel charles carl karl sjarel kareltje
maximiliaan max maximilian
mohammed mohamed muhammad mohammad muhammed mehmet moh mo mhd mohamad mohd
achmed ahmed ahmet achmad
youssef yusuf joesoef jusuf yousef
ibrahim ebrahim ibrahima
hussein hoessein huseyin husayn
geoffrey jeffrey jeff geoff
rainer reiner
maria marie ria mia marja maaike marijke mieke riet mary miep marieke rie mies marian mariska marietje
johanna jo hanna joke annie jannie hannie janna hanneke jopie janneke anneke joan jeanne
elisabeth lies els betty bep lisa elizabeth liesbeth ella bets lisette elise beth liz lizzy eliza liesje elly ilse bettie lies lisanne
cornelia cor corrie nel neeltje cora nelly corry lia
anna anneke an ans annie ann anne anja antje anouk anita anke hanna
wilhelmina wil mien willy mina wilma minnie willemina wilhelma helma miny
hendrika riek rika hennie heintje henny ria drika hendrikje riekje
catharina toos trijn karin ria rina to cathy kaatje katrien katharina catherine kate kathy ina tine toke cato tiny catrien trien karen kitty
petronella nel ellie petra pietje nelly nellie
adriana adri jaan arja jana ada adrie adrienne sjaan
margaretha greet marga gre greta margriet grietje margareta margot margaret peggy maggie meg rita gretha marjolein gerda peggie
jacoba coba co jacqueline sjaan koosje cobie ko
geertruida truus trudy geertje truida gerda gertrud trui geer
gerarda gerda gerrie
aleida alie ali aly leida
theodora doortje thea dora do door
isabella isa bella isabel belle
charlotte lotte lot charlie
sophia sofie fie sophie sofia saffie
emma em
annemarie anne annemiek annemieke
josephina jos fien josephine josefien phien fieke
helena leen lena helen heleen ellen leni elena helene
magdalena leen magda lena madeleine magdaleen
christina stien tina christine chris tineke stina stijntje kristin christien kirsten kristen
johanna hanneke
susanna suus susan suzanne sanne suze susanne suzan suzanna
barbara bar babs barbra
alida ali lida alie
antonia tonny toni tonia toos antoinette
francisca cisca franca fransje cis siska
agatha agaath aagje
agnes agnita
dorothea dora thea dorien door dorothy dot doortje dorothee
martha marth marthe
monica monique moniek
paulina pauline paula lien
carolina caroline lien carla carolien lina karolien
angelina angela lien
jacomina mina mien
hermina mina mien herma hermien
gijsberta bertha
huberta bertha hubertina
lamberta bertha
alberta bertha
robert bob bobby
william bill billy will liam willy
richard dick rich rick ricky
john jack johnny jon
james jim jimmy jamie
charles charlie chuck
henry harry hank hal
joseph joe joey
thomas tom tommy
edward ed eddie ted
david dave davy davey
daniel dan danny
andrew andy drew andreas andries andre
anthony tony
benjamin ben
patrick pat paddy
patricia pat patty trish tricia patsy
margaret maggie meg peggy marge margie
katherine kathy kate katie kat catherine kathleen katharine
rebecca becky becca
deborah debbie deb debora
barbara barb babs
jennifer jen jenny jenn
jessica jess jessie
kimberly kim
pamela pam
sandra sandy
samuel sam sammy
samantha sam
stephen steve stefan steven
matthew matt
gregory greg
lawrence larry laurence lars
leonard len lenny
kenneth ken kenny
ronald ron ronnie
donald don donnie
timothy tim timmy timotheus
victoria vicky vicki tori
virginia ginny
walter walt wally wouter
nathaniel nathan nate
nathan nate
jonathan jon john nathan
joshua josh
zachary zach zack
philip phil flip filip philippe philippus
vincent vince vinnie
raymond ray
gerald gerry jerry
jerome jerry
frederick fred freddie
harold harry hal
howard howie
eugene gene
douglas doug
cynthia cindy
christopher chris kit
abigail abby gail
amanda mandy
annabelle belle bella annabella anabella annabel
anastasia nastassia anastassia nastasia stacy
susan sue susie suzy
dorothy dot dottie
judith judy jutta juud
jacqueline jackie
theresa terry tess teresa trees theresia thea terese
veronica vera ronnie
florence flo floor flora
floris floor
gabrielle gaby gabriella gabi
gabriel gabe
nicole nicky nicolette nikki
alice ali alie
alexandra sandra alex sasha lexi xandra
lucas luc luuk luke luca lukas
marcus mark marc marco markus
markus mark
johann hans johannes jo
wolfgang wolf
heinrich heinz hein
josef sepp
sebastian basti
elisabeth sissi lisbeth
ursula uschi ulla
klaus nikolaus claus
sarah sara zara sahra saar
thea dorothea
bernadette detta bernadet
louise loes wies lowieze louisa
aloysia wies
marianne janne
wouter walter
evert everhard
geert gerard
jeroen hieronymus
joris george
lieke angelique
mieke maria
floor florentine
noor eleonora noortje nora
eleonora nora ellen leonoor leonora
willemijn mijn
pepijn pippin
koenraad koen conrad coen konrad
constantijn stan constantinus
stanislaus stan
tobias toby
emanuel manuel emmanuel
immanuel manuel
leendert leen leonardus len
reinier rein reinout
reinder rein
meindert mein
wijnand wijn
wessel wes
sander alexander
sjoerd siegurd
sietse sytse sietze
tjeerd tsjeerd
gerbrand ger
hermanus herman harm manus hermann
harmen harm herman
jozua jos
jurriaan jur juriaan
rogier roger
roelof roel rudolf
roeland roel roland
ysbrand ijsbrand
lucia luus lucy lucie
cecilia cecile celia sil
aaltje aal alida
trijntje trijn catharina
grietje griet margaretha
jantje jannie
pietertje piet
klaasje klaas
vasiliy vasili wasili
aleksandr alexander sasha
"""


def _groups() -> dict[str, tuple[int, ...]]:
    groups: dict[str, list[int]] = {}
    for number, line in enumerate((x for x in _LINES.splitlines() if x), start=1):
        for name in dict.fromkeys(line.split()):
            groups.setdefault(name, []).append(number)
    return {name: tuple(numbers) for name, numbers in groups.items()}


VARIANTS = _groups()
"""Name to the numbers of the lines that it stands on."""


@cache
def established() -> tuple[str, ...]:
    """Names that are surely names and not misspellings: those with variants and those that are common."""
    return tuple(dict.fromkeys([*VARIANTS, *NAMES.split()]))


@cache
def _established() -> frozenset[str]:
    return frozenset(established())


def are_two_names(left: str, right: str) -> bool:
    """Whether both are established names that no line joins: alike or not, they name two people."""
    known = _established()
    return left in known and right in known and not are_variants(left, right)


def are_variants(left: str, right: str) -> bool:
    """Whether two folded given names may be one name: they share a line."""
    mine = VARIANTS.get(left)
    return mine is not None and not set(mine).isdisjoint(VARIANTS.get(right, ()))
