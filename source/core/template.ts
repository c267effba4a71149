/**
The words sent to models, by name: each a Markdown text with `{{blanks}}`, and a hash of its content by which the log knows which version was used.
*/
export type Template = {readonly text: string; readonly hash: string};

/**
Every template with the blanks it must have: exactly these, each at least once.
*/
export const templateBlanks = {
	system: [],
	member: ['system'],
	'follow-up': ['thread', 'question'],
	feedback: ['synthesis', 'refinement', 'dissent'],
	arbiter: [],
	'arbiter-question': ['thread', 'question'],
	'arbiter-answers': ['boundary', 'progress', 'answers', 'notes'],
	'arbiter-rank': [],
	'arbiter-pick': [],
	reviewer: [],
	repair: ['missing'],
} as const satisfies Record<string, readonly string[]>;

export type TemplateName = keyof typeof templateBlanks;
export type Templates = Readonly<Record<TemplateName, Template>>;

const blank = /\{\{\s*(\w+)\s*\}\}/gv;

/**
Put values into a template's blanks. A value is never searched for blanks again, so no answer can reach into the template.
*/
export function fill(
	{text}: Template,
	values: Readonly<Record<string, string>>,
): string {
	return text.replaceAll(blank, (_, name: string) => values[name] ?? '').trim();
}

/**
What is wrong with a template's blanks, as sentences; empty when it can be used.
*/
export function brokenBlanks(name: TemplateName, text: string): string[] {
	const expected: readonly string[] = templateBlanks[name];
	const found = new Set(Array.from(text.matchAll(blank), match => match[1]!));

	return [
		...expected
			.filter(each => !found.has(each))
			.map(each => `The blank {{${each}}} is missing.`),
		...[...found]
			.filter(each => !expected.includes(each))
			.map(each => `The blank {{${each}}} is not known.`),
	];
}
