"""The words that guessing goes by, in Dutch, English, German and French, and the usual ones in Spanish,
Italian, Portuguese, Polish and the languages of the north; written without spaces and accents."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in " ".join(text.split()).split("|"))


# Column names by the meaning they give.
NAMES: dict[str, str] = {
    "given_name": """
        voornaam voornamen roepnaam doopnaam doopnamen vnaam firstname first firstnames givenname givennames
        given forename forenames fname christianname nickname vorname vornamen rufname vname prenom prenoms
        namefirst eerstenaam
        nombre nombres primernombre nome nomeproprio primeironome nomedibattesimo imie imiona pierwszeimie
        fornavn fornamn ism etunimi jmeno krestnijmeno
    """,
    "middle_name": """
        tweedenaam middlename middle middlenames secondname mname namemiddle zweitername deuxiemeprenom
        tweedevoornaam
        segundonombre secondonome drugieimie segundonome mellannamn mellemnavn
    """,
    "initials": """
        voorletters voorletter initialen initials initial initialer initiales initialien vlt vl
    """,
    "family_name": """
        achternaam achternamen familienaam geslachtsnaam anaam surname surnames lastname last familyname lname
        secondsurname namelast nachname nachnamen familienname zuname nname nomdefamille nomfamille nomusage
        eigennaam
        nom apellido apellidos primerapellido segundoapellido cognome cognomi apelido sobrenome nazwisko
        efternavn efternamn etternavn sukunimi prijmeni
    """,
    "name_prefix": """
        tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels tussenv tvs tv tussenvoegselachternaam nameprefix
        surnameprefix lastnameprefix prefix infix particle namensvorsatz vorsatzwort particule insertion
    """,
    "partner_name": """
        partnernaam achternaampartner naampartner partnername partnersurname spousename nompartenaire
    """,
    "full_name": """
        naam volledigenaam volnaam namen naamklant name fullname completename displayname namefull contactname
        personname firstandsurname firstnamelastname vollername vollstaendigername nomcomplet nometprenom
        prenometnom weergavenaam tenaamstelling contactpersoon contactperson ansprechpartner
        nombrecompleto nombreyapellidos nomecompleto nomecognome nomeecognome imieinazwisko imienazwisko
        fuldtnavn navn namn fullstendignavn
    """,
    "birth_date": """
        geboortedatum geboorte gebdatum gebdat gebdatm geboren dateofbirth dob birthdate birthday bdate birth
        dtbirth geburtsdatum geburtstag geb datenaissance datedenaissance naissance ddn
        fechanacimiento fechadenacimiento nacimiento fnacimiento datadinascita datanascita nascita
        datadenascimento datanascimento dataurodzenia urodzony fodselsdato foedselsdato fodelsedatum
        datumnarozeni syntymaaika
    """,
    "birth_year": """
        geboortejaar birthyear yearofbirth yob by geburtsjahr gebjahr anneenaissance anneedenaissance
    """,
    "birth_month": """
        geboortemaand birthmonth monthofbirth mob bm geburtsmonat moisnaissance moisdenaissance
    """,
    "birth_day": """
        geboortedag dayofbirth bd birthdayofmonth geburtstagdesmonats journaissance jourdenaissance
    """,
    "gender": """
        geslacht geslachtsaanduiding mv mvx sexe kunne gender sex gesl geslachtcode geschlecht genre civilite anrede
        salutation aanspreekvorm title titel aanhefcode aanhef
        sexo sesso genero plec kon kjonn koen pohlavi sukupuoli
    """,
    "street": """
        straat straatnaam straatenhuisnummer straathuisnummer straatnr adresregel1 adresregel adres1 street
        streetname streetaddress addressline1 addressline addr1 address1 addrline1 street1 addressstreet strasse
        strassenname strassehausnummer strasseundhausnummer rue voie nomdevoie adresse1 ligneadresse1
        straatadres openbareruimte openbareruimtenaam
        calle via direccionlinea1 indirizzo rua morada ulica ulice gata gade gate vej katuosoite
        calleynumero viaenumero
    """,
    "house_number": """
        huisnummer huisnr hnr hn nummerhuis huisnummers housenumber houseno housenr streetnumber streetno
        buildingnumber streetnr addressnumber hausnummer hausnr numerorue numerodevoie numerovoie norue huisnum
        straatnummer
        numerocalle numcalle portal numerocivico civico ncivico nrdomu numerdomu husnummer husnr numeroporta
    """,
    "house_suffix": """
        huisnummertoevoeging toevoeging huisletter addition huisnrtoev huisnrtoevoeging toev hnrtoevoeging
        huistoevoeging housesuffix housenumbersuffix houseaddition apartment apt unit flat suite
        hausnummerzusatz adresszusatz zusatz complement complementadresse
        piso puerta interno scala nrlokalu numerlokalu lokal mieszkanie
    """,
    "postcode": """
        postcode postkode pcode pc postalcode postcodes zip zipcode zippostalcode postcodefake addrpostalcode
        plz postleitzahl codepostal cp postalcodezip zipcodes
        codigopostal cpostal cap codicepostale codpostal kodpocztowy postnummer postnr psc postinumero
    """,
    "city": """
        woonplaats plaats plaatsnaam stad gemeente city town suburb locality cityname municipality postaltown
        ort stadt wohnort ortsname ville commune localite addrcity vestigingsplaats woonplaatsnaam
        ciudad poblacion localidad municipio citta comune localita cidade localidade miasto miejscowosc
        postort poststed mesto obec kaupunki
    """,
    "region": """
        provincie staat gewest state province region county stateprovince bundesland departement addrstate
        provincia comunidadautonoma regione wojewodztwo distrito
    """,
    "country": """
        land landcode landnaam country countrycode countryname addrcountry laendercode pays codepays
        nazione paese panstwo pais
    """,
    "address": """
        adres volledigadres adresgegevens naw address fulladdress addrfull addressfull postaladdress adresse
        anschrift vollstaendigeadresse adressecomplete woonadres postadres bezoekadres vestigingsadres
        direccion direccioncompleta domicilio indirizzocompleto endereco enderecocompleto adrespelny adresa
        osoite
    """,
    "phone": """
        telefoon telefoonnummer telefoonnr tel telnr telnummer mobiel mobielnummer mobieltje gsm 06nummer
        vasttelefoon vastenummer thuistelefoon phone phonenumber phoneno telephone telephonenumber mobile
        mobilephone mobilenumber cell cellphone landline contactnumber msisdn telefon telefonnummer handy
        handynummer mobil mobiltelefon rufnummer festnetz telephonemobile telephonefixe portable
        numerodetelephone
        telefono telefonos movil telefonomovil celular telefonofijo cellulare numerotelefono
        numeroditelefono telemovel telefone telefonkomorkowy numertelefonu komorka nrtelefonu puhelin
    """,
    "email": """
        email emailadres mail mailadres emailadressen emailaddress emailid mailaddress emailadresse courriel
        adressemail adresseemail adressecourriel adresemail adreselectronique
        correo correoelectronico mailelectronico postaelettronica indirizzoemail indirizzomail
        pocztaelektroniczna epost eposta sahkoposti
    """,
    "organisation_name": """
        bedrijf bedrijfsnaam organisatie organisatienaam handelsnaam statutairenaam firmanaam rechtspersoon
        instelling onderneming company companyname organisation organisationname organization organizationname
        business businessname legalname tradename nameorg accountname firm firma firmenname unternehmen
        firmenbezeichnung entreprise raisonsociale societe nomentreprise denomination
        empresa razonsocial nombreempresa azienda ragionesociale denominazione impresa firmy nazwafirmy
        nazwa foretag virksomhed bedriftsnavn yritys
    """,
    "kvk": """
        kvk kvknummer kvknr kamervankoophandel kamervankoophandelnummer dossiernummerkvk cocnumber coc
        chamberofcommerce
    """,
    "vat": """
        btw btwnummer btwnr btwid vat vatnumber vatno vatid taxnumbervat ustid ustidnr umsatzsteuerid numerotva
        tva omzetbelastingnummer
        nif cif nifcif partitaiva piva nip numernip ico dic momsnummer cvr orgnr
    """,
    "website": """
        website webadres site url web homepage www siteweb internetadres webseite domain domein
    """,
    "record_kind": """
        recordtype type soort kind art klanttype klantsoort soortklant typeklant soortrelatie relatietype
        customertype entitytype partytype persontype contacttype typeclient kundentyp persoonoforganisatie
    """,
    "category": """
        geboorteplaats birthplace placeofbirth geburtsort lieudenaissance beroep occupation profession beruf
        metier nationaliteit nationality staatsangehoerigkeit nationalite werkgever employer arbeitgeber
        employeur moedersnaam mothersname mothersmaidenname
    """,
    "text": """
        address2 adres2 addressline2 adresregel2 addr2 addrline2 street2 adresse2 extraadresregel adrestoevoeging
    """,
    "updated_at": """
        gewijzigdop gewijzigd wijzigingsdatum laatstgewijzigd laatstewijziging mutatiedatum mutatie datummutatie
        bijgewerkt bijgewerktop updatedat updated lastupdated lastmodified modified modifiedat modifiedon
        lastmodifieddate lastupdate changedat aenderungsdatum geaendertam letzteaenderung datemodification
        modifiele misajour
    """,
    "source": """
        source bron system systeem datasource databron sourcesystem bronsysteem herkomst quelle quellsystem origine
        sourcename bronnaam
    """,
    "created_at": """
        createdat created createdon aangemaakt aangemaaktop aanmaakdatum erstelltam creele datecreation
    """,
    "record_id": """
        id recordid recid uniqueid uid guid uuid rowid externalid externid externeid sourceid klantnummer
        klantnr klantid klantcode relatienummer relatienr relatieid debiteurnummer debiteurnr persoonid
        contactid customerid customernumber customerno customernr customercode custid clientid clientnumber
        accountid accountnumber userid personid memberid membernumber contactnumberid lidnummer kundennummer
        kundennr kundenid numeroclient noclient idclient codeclient identifiant kassaklantid primarykey pk
        recordkey recordnumber
        idcliente numerocliente codigocliente codicecliente numeroklienta idklienta kundnummer kundnr
    """,
}

# Numbers that say who somebody is, by scheme.
IDENTIFIERS: dict[str, str] = {
    "ssn": """
        ssn ssnnumber socsecid socsec socialsecurity socialsecuritynumber svnummer
        sozialversicherungsnummer numerosecuritesociale nir insz rijksregisternummer
    """,
    "passport": """
        passport passportnumber paspoort paspoortnummer passnummer reisepass passeport numeropasseport
    """,
    "driving_licence": """
        driverslicense driverslicensenumber drivinglicence drivinglicense rijbewijs rijbewijsnummer
        fuehrerschein fuehrerscheinnummer permisdeconduire
    """,
    "national_id": """
        nationalid nationalidnumber idcard idkaart idkaartnummer identiteitskaart personalausweis carteidentite
    """,
    "tax_id": """
        taxid taxidnumber tin fiscaalnummer steuerid steuernummer numerofiscal rsin
    """,
    "lei": """
        lei leinumber leicode
    """,
    "duns": """
        duns dunsnumber dunsnr
    """,
    "iban": """
        iban rekeningnummer bankrekening bankrekeningnummer bankaccount bankaccountnumber kontonummer rib
    """,
    "loyalty": """
        loyaltynumber loyaltyid loyaltycard klantkaart klantkaartnr klantkaartnummer kaartnr klantenkaartnr
        pasnr klantenkaart klantenkaartnummer kaartnummer bonuskaart spaarkaart pasnummer kundenkarte
        kundenkartennummer cartefidelite cardnumber
    """,
}

# May not be used without a legal ground.
FORBIDDEN = _set(
    """
    bsn bsnnr bsnnummer burgerservicenr burgerservicenummer sofi sofinr sofinummer
    """
)

# Words in front that say whose or which, and change nothing about the meaning.
QUALIFIERS = _set(
    """
    bezoek vestiging visit visiting account addr address adres adresse alternate andere clean client contact
    contacts crm current customer de default der du eerste fake gebruiker gegevens het home hoofd hoofdadres
    huidig info klant klanten kunde kunden la le legal lid mailing main member mitglied naw norm of order other
    party person personal persoon persoonlijk primary privat private prive record relatie residential second
    secondary shop standaard the thuis tweede user van
    """
)

# Words that tell addresses apart.
GROUPS: dict[str, str] = {
    "billing": """
        billing bill invoice factuur facturatie rechnung rechnungs facturation
    """,
    "delivery": """
        delivery shipping ship bezorg aflever levering liefer lieferung livraison verzend
    """,
    "work": """
        work werk business zakelijk office kantoor bedrijf geschaeftlich bureau professionnel
    """,
    "postal": """
        post postbus postal correspondentie correspondence
    """,
    "previous": """
        previous vorig vorige old oud oude former frueher ancien
    """,
}

# A name with one of these is about something else than the value itself: consent to a call, the date of a mail.
OTHER_SUBJECT = _set(
    """
    aantal agent anchor artikel besteld bestelling bounce bounced branch bron consent count employee filiaal
    flag geldig geverifieerd hash in kind laatste label last medewerker newsletter nieuwsbrief opt optin optout
    order out partner permission pointer product rel relatie relation score soort source status store
    toestemming type valid verified verkoper winkel
    """
)

# The commonest given names of a few languages: enough to tell such a column from one of family names.
GIVEN = _set(
    """
    ahmed alex ali andreas anna anne barbara ben benjamin bob bram catherine charles chloe chris claudia
    cornelis daan david edward elizabeth ella els emily emma erik esther ethan eva fatima femke finn frank
    françois george grace hans harry hendrik henk henry ingrid iris isaac isabelle jack jacob james jan jean
    jennifer jesse jessica joe johanna johannes john joseph joshua julia jürgen karin kees kim klaus lars laura
    lea leon levi liam lily linda lisa lotte lucas lukas marco margaret maria marie mark martin mary max mia
    michael michel michiel mohamed mohammed monika monique nathalie nick noah oliver olivia patricia paul peter
    petra philippe pierre piet ria richard rob robert sabine sam sandra sanne sarah saskia sem sophie stefan
    susan thijs thomas tim tom ursula willem william wolfgang
    """
)

# The commonest family names.
FAMILY = _set(
    """
    adams allen anderson baker bakker becker beek berg boer bos braun broek brouwer brown bruijn campbell clark
    davis dekker dijk dijkstra dubois durand evans fischer garcia graaf green groot haan hall harris heijden
    hendriks heuvel hill hoffmann hofmann jackson jacobs jansen janssen johnson jones jong kaya king klein koch
    kok krüger lange laurent leeuwen leroy lewis linden martin meer meijer meyer michel miller mitchell moore
    moreau mueller mulder müller nelson neumann nguyen peters richter roberts schmidt schneider schouten
    schröder schulz schwarz simon singh smit smith smits taylor thomas thompson veen vermeulen visser vos vries
    wagner walker weber white williams wilson wit wolf wright yilmaz young zimmermann
    """
)

# Large cities.
CITIES = _set(
    """
    's-gravenhage adelaide alkmaar almere amersfoort amsterdam antwerpen apeldoorn arnhem berlin birmingham
    bordeaux boston breda bremen brisbane bristol brugge brussel cardiff chicago dallas delft den deventer
    dordrecht dortmund düsseldorf ede edinburgh eindhoven enschede essen frankfurt gent glasgow groningen haag
    haarlem hamburg houston köln leeds leicester leiden leipzig lille liverpool london lyon maastricht
    manchester marseille melbourne münchen nijmegen paris perth rotterdam sheffield stuttgart sydney tilburg
    toulouse utrecht venlo zaandam zwolle
    """
)

# What says that a record is a person or an organisation.
KINDS = _set(
    """
    b2b b2c bedrijf business company consument consumer corporate corporation entreprise firma household
    individual natuurlijk o org organisatie organisation organization p particulier person persoon privat
    privatperson rechtspersoon zakelijk
    """
)

# Genders, and the titles that tell one.
GENDERS = _phrases(
    """
    0 | 1 | 2 | 9 | de heer | dhr | dhr. | divers | f | female | femme | frau | h | heer | herr | homme | m |
    madame | male | man | mannelijk | meneer | mevr | mevr. | mevrouw | miss | mme | monsieur | mr | mr. | mrs |
    mrs. | ms | ms. | mw | mw. | männlich | o | onbekend | u | unknown | v | vrouw | vrouwelijk | w | weiblich |
    x
    """
)

# Prefixes of family names (tussenvoegsels).
PREFIXES = _phrases(
    """
    't | 't aan | aan | aan 't | aan de | aan den | aan het | al | ben | bij de | bin | d' | da | de | den | der
    | des | di | dos | du | el | het | in 't | in de | in den | in het | l' | la | le | mac | mc | onder de |
    op 't | op de | op den | over de | te | ten | ter | tot | uit de | uit den | uit het | v | v. | v.d. | v/d |
    v d | van | van 't | van de | van den | van der | van het | van t | vd | von | von der | voor de | zu
    """
)
