// Words that make believable UK businesses. All of it is invented; telephone numbers lie in Ofcom's ranges for drama.
export const NAMED_BUSINESSES = [
  "O'Brien & Sons Ltd",
  'Café Zoë Limited',
  'Smith, Jones & Partners LLP',
  "L'Étoile Hôtels UK Ltd",
  'Müller Präzision (UK) Ltd',
  "St. Mary's C of E Primary School",
  'A & B Motors',
  'Siân Llewellyn Architects',
  "D'Arcy, Finch & Co.",
  'Señor Tapas Ltd T/A "El Rincón"',
  'Håkon Freight Services Ltd',
  'Björk & Daughters Joinery',
  'The 1st Choice Cleaning Co <Leeds>',
  '24/7 Locksmiths Ltd',
  'Ó Súilleabháin Electrical DAC',
  'B&B (Whitby) Ltd',
];

export const FIRST_WORDS = [
  ...['Albion', 'Ashdown', 'Beacon', 'Birchwood', 'Bluebell', 'Bracken', 'Bramley', 'Bridgewater', 'Calder', 'Castlegate'],
  ...['Chiltern', 'Clearwater', 'Cotswold', 'Cromwell', 'Dales', 'Derwent', 'Eastgate', 'Fairfax', 'Fenland', 'Foxglove'],
  ...['Glenmore', 'Granby', 'Greenfield', 'Harbour', 'Hartley', 'Hawthorn', 'Highfield', 'Hillcrest', 'Holbrook', 'Ingleby'],
  ...['Kestrel', 'Kingsway', 'Lakeside', 'Lancaster', 'Linden', 'Lomond', 'Malvern', 'Marlowe', 'Meridian', 'Mersey'],
  ...['Millbrook', 'Moorside', 'Northfield', 'Oakwood', 'Orchard', 'Parkside', 'Pennine', 'Pinnacle', 'Quayside', 'Ravens'],
  ...['Regent', 'Ridgeway', 'Riverside', 'Rowan', 'Saxon', 'Severn', 'Sherwood', 'Solent', 'Southgate', 'Sterling'],
  ...['Stonebridge', 'Summit', 'Swale', 'Tamar', 'Thistle', 'Trent', 'Tudor', 'Tyne', 'Vale', 'Wessex', 'Westbourne', 'Whitestone'],
];

export const TRADES = [
  ...['Accountants', 'Architects', 'Bakeries', 'Builders', 'Care Homes', 'Catering', 'Construction', 'Consulting', 'Couriers'],
  ...['Dental Practice', 'Design', 'Electrical', 'Engineering', 'Estates', 'Farms', 'Flooring', 'Foods', 'Freight', 'Furniture'],
  ...['Garages', 'Glass', 'Haulage', 'Health', 'Hotels', 'Housing Association', 'Insurance Brokers', 'Interiors', 'IT Services'],
  ...['Joinery', 'Legal', 'Logistics', 'Media', 'Medical', 'Motors', 'Opticians', 'Packaging', 'Plumbing', 'Print', 'Property'],
  ...['Recruitment', 'Roofing', 'Scaffolding', 'Schools Trust', 'Security', 'Surveyors', 'Textiles', 'Timber', 'Travel', 'Vets', 'Windows'],
];

export const SUFFIXES = ['Ltd', 'Ltd', 'Ltd', 'Ltd', 'Limited', 'LLP', 'plc', '& Co', 'Group Ltd', '(UK) Ltd'];

export interface Town {
  readonly town: string;
  readonly county: string;
  readonly postcodeArea: string;
  readonly areaCode: string;
}

const town = (name: string, county: string, postcodeArea: string, areaCode: string): Town => ({
  town: name,
  county,
  postcodeArea,
  areaCode,
});

export const TOWNS: readonly Town[] = [
  town('Leeds', 'West Yorkshire', 'LS', '0113'),
  town('Sheffield', 'South Yorkshire', 'S', '0114'),
  town('Nottingham', 'Nottinghamshire', 'NG', '0115'),
  town('Leicester', 'Leicestershire', 'LE', '0116'),
  town('Bristol', 'Avon', 'BS', '0117'),
  town('Reading', 'Berkshire', 'RG', '0118'),
  town('Birmingham', 'West Midlands', 'B', '0121'),
  town('Edinburgh', 'Midlothian', 'EH', '0131'),
  town('Glasgow', 'Lanarkshire', 'G', '0141'),
  town('Liverpool', 'Merseyside', 'L', '0151'),
  town('Manchester', 'Greater Manchester', 'M', '0161'),
  town('Newcastle upon Tyne', 'Tyne and Wear', 'NE', '0191'),
  town('Cardiff', 'South Glamorgan', 'CF', '029'),
  town('London', 'Greater London', 'EC', '020'),
  town('Whitby', 'North Yorkshire', 'YO', '01947'),
  town('Bury St Edmunds', 'Suffolk', 'IP', '01284'),
];

export const IRISH_TOWNS: readonly Town[] = [
  town('Dublin', 'Co. Dublin', 'D02 X', '01'),
  town('Cork', 'Co. Cork', 'T12 K', '021'),
  town('Galway', 'Co. Galway', 'H91 F', '091'),
  town('Limerick', 'Co. Limerick', 'V94 C', '061'),
];

export const STREETS = [
  ...['High Street', 'Station Road', 'Church Lane', 'Victoria Road', 'Mill Lane', 'Park Avenue', 'Queen Street', 'King Street'],
  ...['Albert Street', 'Bridge Street', 'Market Place', 'London Road', 'Canal Street', 'Enterprise Way', 'Brunel Court', 'Kirkgate'],
];

export const GIVEN_NAMES = [
  ...['Aisha', 'Alan', 'Amélie', 'Andrew', 'Bethan', 'Callum', 'Chloë', 'David', 'Eilidh', 'Emma', 'Fatima', 'George', 'Gareth'],
  ...['Hannah', 'Imran', 'Jack', 'Jane', 'José', 'Karen', 'Liam', 'Lucy', 'Mohammed', 'Niamh', 'Oliver', 'Priya', 'Rhys', 'Sarah', 'Zoë'],
];

export const FAMILY_NAMES = [
  ...['Ahmed', 'Baker', 'Begum', 'Brown', 'Campbell', 'Clarke', "D'Souza", 'Davies', 'Evans', 'Fernández', 'Green', 'Hughes', 'Jones'],
  ...['Kaur', 'Khan', 'Lewis', 'MacDonald', 'Murphy', 'Nowak', "O'Neill", 'Patel', 'Roberts', 'Singh', 'Smith-Jones', 'Taylor', 'Walker', 'Wright'],
];

export const HOLD_REASONS = [
  'Over terms - no new orders until account is cleared',
  'Direct Debit cancelled by bank',
  'Disputed invoices, see memo',
  'In administration',
  'Credit insurance withdrawn',
];
