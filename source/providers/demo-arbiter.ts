import {type CallPurpose} from '../core/model.js';
import {parseConfidence} from '../core/reading/confidence.js';
import {canonicalFinal} from '../core/reading/canonical.js';
import {parseFinal} from '../core/reading/final.js';

type Weighed = {
	readonly label: string;
	readonly final: string;
	readonly confidence: number;
	readonly body: string;
};

/**
The simulated arbiter: it reads the answers behind their boundary, goes with the opinion that carries most stated confidence, and is as confident as they agree. Who puts them in order writes no answer.
*/
export function weighInDemo(
	answers: string,
	purpose: Exclude<CallPurpose, 'answer'>,
): string {
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
	const final = largest[0]?.final ?? nobody;
	const isToEndInIt =
		largest.length > 0 &&
		!isUnclear(largest) &&
		answers.slice(answers.lastIndexOf(' end of answer ')).includes('<final>');
	const closing = isToEndInIt ? `\n\n<final>${final}</final>` : '';

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
</refinement_areas>${purpose === 'rank' || purpose === 'review' ? '' : `\n<synthesis>\n${synthesisOf(read, largest, others.length === 0)}${closing}\n</synthesis>`}`;
}

/**
What it makes of them. Where the answers are verdicts, since the whole consortium weighs for another, it is a verdict, too.
*/
function synthesisOf(
	read: readonly Weighed[],
	[first, ...same]: readonly Weighed[],
	isUndisputed: boolean,
): string {
	return first && isVerdict.test(first.body)
		? first.body
		: `The answer is: ${first?.final ?? nobody}.

${
	isUndisputed
		? 'All who were asked come to it, each on their own way.'
		: `It is what ${same.length + 1} of ${read.length} hold; the rest take the question in another sense.`
} Simulated models wrote this, so it shows how a consortium works and says nothing about the subject.`;
}

const isVerdict = /<synthesis>.*<\/synthesis>/sv;
const nobody = 'nobody answered';

function answersIn(text: string): Weighed[] {
	const blocks = text.matchAll(
		/^\[(?<boundary>[0-9a-f]{32}) answer (?<label>[A-Z]+)(?: [^\n]*)?\]\n(?<body>.*?)\n\[\k<boundary> end of answer/gmsv,
	);

	return Array.from(blocks, ({groups}) => ({
		label: groups!['label']!,
		final: parseFinal(groups!['body']!) ?? unclear,
		confidence: parseConfidence(groups!['body']!) ?? 0.5,
		body: groups!['body']!,
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
