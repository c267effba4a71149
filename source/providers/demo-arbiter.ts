import {parseConfidence} from '../core/reading/confidence.js';
import {canonicalFinal} from '../core/reading/canonical.js';
import {parseFinal} from '../core/reading/final.js';

type Weighed = {
	readonly label: string;
	readonly final: string;
	readonly confidence: number;
};

/**
The simulated arbiter: it reads the answers behind their boundary, goes with the opinion that carries most stated confidence, and is as confident as they agree.
*/
export function weighInDemo(answers: string): string {
	const read = answersIn(answers);
	const groups = Map.groupBy(read, ({final}) => canonicalFinal(final));
	const sorted = groups
		.values()
		.toArray()
		.toSorted((left, right) => rankOf(right) - rankOf(left));
	const [largest = []] = sorted;
	// What ends in nothing, as a fragment does, contradicts nobody.
	const others = sorted.slice(1).filter(group => !isUnclear(group));
	const share = read.length === 0 ? 0 : largest.length / read.length;
	const mean = largest.length === 0 ? 0 : weightOf(largest) / largest.length;
	const confidence = 0.35 * mean + 0.65 * share ** 1.5;
	const final = largest[0]?.final ?? 'nobody answered';
	const isToEndInIt =
		largest.length > 0 &&
		!isUnclear(largest) &&
		answers.slice(answers.lastIndexOf(' end of answer ')).includes('<final>');

	return `<analysis>${read.length} answers were read; ${largest.length} of them say “${final}”. The others differ in what they take the question to mean.</analysis>
<dissent>
${others
	.map(
		group =>
			`<point labels="${labelsOf(group)}">The answer may be: ${group[0]!.final}.</point>`,
	)
	.join('\n')}
</dissent>
<groups>${sorted.map(group => labelsOf(group)).join('|')}</groups>
<ranking>${sorted.map(group => labelsOf(group, '=')).join('>')}</ranking>
<confidence>${confidence.toFixed(2)}</confidence>
<needs_iteration>${others.length > 0}</needs_iteration>
<refinement_areas>
${others.map(group => `<area>Whether it is “${final}” or “${group[0]!.final}”, and why.</area>`).join('\n')}
</refinement_areas>
<synthesis>
The answer is: ${final}.

${
	others.length === 0
		? 'All who were asked come to it, each on their own way.'
		: `It is what ${largest.length} of ${read.length} hold; the rest take the question in another sense.`
} Simulated models wrote this, so it shows how a consortium works and says nothing about the subject.${isToEndInIt ? `\n\n<final>${final}</final>` : ''}
</synthesis>`;
}

function answersIn(text: string): Weighed[] {
	const blocks = text.matchAll(
		/^\[(?<boundary>[0-9a-f]{32}) answer (?<label>[A-Z]+)(?: [^\n]*)?\]\n(?<body>.*?)\n\[\k<boundary> end of answer/gmsv,
	);

	return Array.from(blocks, ({groups}) => ({
		label: groups!['label']!,
		final: parseFinal(groups!['body']!) ?? unclear,
		confidence: parseConfidence(groups!['body']!) ?? 0.5,
	}));
}

const unclear = 'no clear answer';

const isUnclear = ([first]: readonly Weighed[]) => first?.final === unclear;

const rankOf = (group: readonly Weighed[]) =>
	isUnclear(group) ? -1 : weightOf(group);

const weightOf = (group: readonly Weighed[]) =>
	group.reduce((sum, {confidence}) => sum + confidence, 0);

const labelsOf = (group: readonly Weighed[], separator = ',') =>
	group.map(({label}) => label).join(separator);
