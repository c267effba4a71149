import {fnv1a32} from '../source/core/random.js';
import {type ModelRequest} from '../source/core/model.js';
import {readBrief, type ReadBrief} from './simulated-brief.js';
import {
	boasted,
	type Claim,
	type SimulatedQuestion,
} from './simulated-questions.js';
import {bodyOf} from './simulated-wording.js';

/**
Someone who weighs answers. `discernment` is d′, how many standard deviations a right option looks better than a wrong one.
*/
export type Judging = {
	readonly name: string;
	readonly discernment: number;

	/**
	What it holds itself and leans towards; null for an arbiter.
	*/
	readonly own: Claim | null;
};

/**
What one more who says the same adds to an option, in log odds: arbiters are told not to go by how many say it, and do a little.
*/
const voteWeight = 0.6;

/**
What the first place among the answers adds, and a reviewer's own view, in log odds.
*/
const firstPlace = 0.4;
const loyalty = 1;

/**
What one place better in the reviews adds.
*/
const placeWeight = 0.5;

/**
How far two judgements of one judge differ by chance.
*/
const fickleness = 0.3;

/**
How much surer a judge says it is than it is, in log odds.
*/
const boast = 0.5;

/**
The chance that a judge does not see that an answer in prose says the same as others.
*/
const slip = 0.04;

/**
Below this confidence it wants another iteration.
*/
const contentFrom = 0.7;

/**
What a judge writes to a request: the sections it is asked for, as a model of signal detection. Each option looks as right as a normal variable says, with the mean d′ for the right one and half of that, as far as it attracts, for the lure; the evidence is the log-likelihood ratio d′x − d′²/2. To that come the votes it sees, weighed as it is told, the places in reviews, and what it should not go by. Its confidence is the share of its best option in what is likely (softmax over all options).

@see D. Green and J. Swets, Signal Detection Theory and Psychophysics (1966).
*/
export function judgement(
	question: SimulatedQuestion,
	request: ModelRequest,
	judging: Judging,
): string {
	const brief = readBrief(question, request);
	const {options} = question.world;
	const scores = scoresOf(question, brief, judging);
	const all = scores.reduce((sum, score) => sum + Math.exp(score), 0);
	const shares = scores.map(score => Math.exp(score) / all);
	const key = `${judging.name} ${fnv1a32(JSON.stringify([...brief.answers, request.messages.length]))}`;
	const ranked = brief.answers
		.map(({label, option}) => ({
			label,
			option,
			score:
				(option === null ? -2 : scores[option]!) +
				fickleness * question.draws.normal(`${key} ${label}`),
		}))
		.toSorted((one, other) => other.score - one.score);
	const [best] = ranked;
	const next = ranked.find(({option}) => option !== best?.option);
	const held = new Set(brief.answers.flatMap(({option}) => option ?? []));
	const chosen =
		request.purpose === 'synthesis'
			? Array.from({length: options}, (_, option) => option)
					.filter(option => held.size === 0 || held.has(option))
					.toSorted((one, other) => scores[other]! - scores[one]!)[0]!
			: (best?.option ?? null);
	const confidence = boasted(
		chosen === null ? 1 / options : shares[chosen]!,
		boast,
	);
	const shareOf = (option: number | null | undefined) =>
		typeof option === 'number' ? shares[option]! : 0;
	const isAlone = request.system?.includes('you choose, alone') ?? false;

	return [
		'<analysis>They were weighed.</analysis>',
		'<dissent></dissent>',
		`<groups>${groupsIn(question, brief, key)}</groups>`,
		`<ranking>${ranked
			.slice(0, isAlone ? 1 : ranked.length)
			.map(({label}) => label)
			.join('>')}</ranking>`,
		`<margin>${Math.max(0, shareOf(best?.option) - shareOf(next?.option)).toFixed(2)}</margin>`,
		`<confidence>${confidence.toFixed(2)}</confidence>`,
		`<needs_iteration>${confidence < contentFrom}</needs_iteration>`,
		'<refinement_areas><area>Which option is right.</area></refinement_areas>',
		...(request.purpose === 'synthesis'
			? [`<synthesis>${bodyOf(question, chosen!, judging.name)}</synthesis>`]
			: []),
	].join('\n');
}

/**
What speaks for each option, in log odds.
*/
function scoresOf(
	{world, draws, truth, lure}: SimulatedQuestion,
	{answers, weights, places, earlier}: ReadBrief,
	{name, discernment, own}: Judging,
): number[] {
	const middle = (answers.length + 1) / 2;

	return Array.from({length: world.options}, (_, option) => {
		const holders = answers.filter(each => each.option === option);

		// It cannot judge what nobody brought up.
		if (holders.length === 0) {
			return 0;
		}

		const looks =
			draws.normal(`${name} sees ${option}`) +
			(option === truth
				? discernment
				: option === lure
					? (discernment * world.attraction) / 2
					: 0);
		const votes = holders.reduce(
			(sum, {label}) => sum + (weights.get(label) ?? 1),
			0,
		);
		const place =
			holders.reduce(
				(sum, {label}) => sum + middle - (places.get(label) ?? middle),
				0,
			) / holders.length;

		return (
			discernment * looks -
			discernment ** 2 / 2 +
			voteWeight * votes +
			placeWeight * place +
			(earlier === option ? voteWeight : 0) +
			(answers[0]?.option === option ? firstPlace : 0) +
			(own?.option === option ? loyalty : 0)
		);
	});
}

function groupsIn(
	{world, draws}: SimulatedQuestion,
	{answers}: ReadBrief,
	key: string,
): string {
	const groups = new Map<string, string[]>();

	for (const {label, option} of answers) {
		const isMissed =
			option === null ||
			(world.isProse && draws.uniform(`${key} slip ${label}`) < slip);
		const group = isMissed ? label : String(option);
		groups.set(group, [...(groups.get(group) ?? []), label]);
	}

	return groups
		.values()
		.map(labels => labels.join(','))
		.toArray()
		.join('|');
}
