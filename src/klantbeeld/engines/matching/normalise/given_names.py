"""Given names that are surely names and not misspellings of others."""

from __future__ import annotations

NAMES = """
 aaron abel adele adeline agnieszka aicha aisha alan albert alberto alejandro alessandro alexis alfred alicia aline
alina alison allison alma alvin amber amelia amina amir amira ana anders andrea andreas angel angelo anik anita
annelies annette anouar antoinette april ariana arianne arlene armin arthur asha ashley astrid audrey aurelie austin
ava aya ayse bart beatrice beatrix belinda beverly bianca bilal birgit blanche bo bonnie boris brad bradley bram
brandon brenda brent bret bridget britt bruce bruno bryan bryce caitlin cameron camilla candice carl carlo carlos
carmen carole caroline carrie casper cassandra cecile celine chantal charlene chelsea cherie cheryl chiara chloe
claire clara clarence claude claudette claudia claudio clayton clifford clint cody colette colin connie connor corinne
courtney craig crystal curtis cyril daisy dale dana danielle daphne darla darlene darrell darren dave dawn dean deanna
debora dee delia denise dennis derek desiree diana diane diego dieter dimitri dina dion dirkje dolores dominic
dominique donna doreen doris dora duncan dustin dylan edgar edith eileen elaine eleanor elena eli elias elif eline
elke ellis elodie eloise elsa elvira emil emily emine emma enrico eric erica erika erin erna ernest ernst esme esmee
esra estelle ester esther ethan eva evelien evelyn fabian fabienne farah farid fatih fatima fatma faye felicia felix
femke fernando filippo finn fiona flora frances frederique frieda gail gavin gemma genevieve georgia georgina gilbert
giles gina gino giovanni gisela gladys glenn gloria gordon grace graham greta guido gunter gwen hakan halima hamza
hannah hanne harriet hassan hatice hayley hazel heather heidi helga hella herbert hilda hilde holger holly hope horst
hugo ian ida igor ilona imane ines inga inge ingeborg ingrid irene iris irma isaac isabelle ivan ivo ivonne ivy jade
jamal jamila jana jane janet janice janine jarno jasmin jasmine jason jasper javier jayden jean jeanette jeffrey jelle
jeremy jesse jill joachim joanna joanne jodie joel joelle jolanda jolien joost jordan jordi jorg jorrit josefine joy
joyce juan juanita judy jules julia julian juliana julie julien juliette june jurgen justin justine karim karin karina
karla katja kaylee keith kelly kelvin kerstin kevin khadija khalid kirsten klara koray kurt kyle lana lara lars latifa
laura lauren laurence laurie layla lea leah leila lena leroy leslie liam lieke liesbet lilian lillian lily linda
lindsay lionel lisa logan loretta lorraine lotte lou luca lucas lucien lucille luis luisa luna lydia lynn mabel
mackenzie madison maja malika manfred manon manuela mara marc marcel marcella marcia marco maren marga margaux margot
maribel mariam mariana marielle marilyn marina mario marion marisa marissa marit marjan marjorie marlene marlies
marloes marsha marvin maryam mason mathilde matilda maud maura maureen maurice maurits mauro max maxime maya megan
melanie melissa melvin mercedes merel meryem mia micha michelle mila milan mildred milou mirella miriam mirjam mirte
mitchell mohan moira molly moniek morgan moritz morris murat mustafa myra myrna myrthe myrtle nada nadia nadine naima
najib nancy naomi natalia natalie natasha nathalie neil nelson nick nicola nicolette niels nigel nina noah noel noelle
noemi nora norma norman nourdin odette olaf olga olive oliver olivia omar oscar osman otto owen pablo paige pamela
paola pascal patrice patrick pauline pearl pedro penelope peggy perry phoebe phyllis pierre pieternel priscilla
quentin quinten quirine rachel rachid ralf ralph ramon ramona raoul raphael raquel rashid raul regina reinhard remco
remi renata renate rene renee ricardo ria rianne rita roberta roberto robin rochelle rodney roland rolf romain roman
romy rosa rosalie rosanne rose rosemary rosie roxanne roy ruben ruby rudolf rupert ruth ryan sabine sabrina said salim
sally salma samira sana sander sandrine sanjay sanne sarita saskia sean selim selma serena serge sergio sharon shaun
shawn sheila shelly sherry shirley sibel sidney sietske sigrid silke silvia simone sinan sofie solange sonia sonja
sophie stacey stanley stella stuart sven svenja sybil sylvia sylvie tamar tamara tammy tania tanja tara tariq tatiana
taylor tessa thijmen thomas tiffany tilly tineke tobias tomas tonya tracey tracy travis trevor tristan tyler ulrich
ulrike ute valentina valerie vanessa vera vicki viktor viola violet viviane vivian walid wanda wayne wendy wesley
wilfred willeke winston xander yannick yara yasin yasmin yolanda yvette yvonne zahra zeynep zoe
"""
"""Common given names of people in the Netherlands and their neighbours, from general knowledge."""
