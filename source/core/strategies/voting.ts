import {agreementOf, groupFinals, quoted} from '../agreement.js';
import {parametersOf, type SavedConsortium} from '../consortium.js';
import {
	choiceParameter,
	numberParameter,
	readParameters,
	type ValuesOf,
} from '../parameters.js';
import {standingAlone} from '../reading/final.js';
import {withReason} from '../plain-reasons.js';
import {type VerdictResult} from '../result.js';
import {type IterationPicture} from '../run-state.js';
import {settled} from '../settled.js';
import {percentText} from '../share.js';
import {mostConfident} from '../stop.js';
import {
	defineStrategy,
	type Mark,
	type Note,
	type Step,
	type StrategyContext,
	type View,
} from '../strategy.js';
import {winnerOf, type Party} from '../votes.js';
import {countIn, finalOf, type Count} from './counted.js';

const parameters = {
	rule: choiceParameter(
		['majority', 'plurality', 'confidence'],
		'Which answer wins: one that more than the threshold give, the one that most give, or the one that most give when each counts by the confidence it states',
	),
	threshold: numberParameter(
		0.5,
		{from: 0.5, to: 1},
		'What a majority is more than, as a share of all votes; 1 is everyone',
	),
	arbiter: choiceParameter(
		['when-open', 'always'],
		'Whether the arbiter is asked only when no answer wins, or in any case',
	),
};

type Rules = ValuesOf<typeof parameters>;

/**
Answers that end in values are counted, and the one that wins is given word for word.
*/
export const voting = defineStrategy({
	name: 'voting',
	meaning:
		'Answers that end in a value are counted: the one that wins is given word for word, and no arbiter is asked. When none wins, the arbiter weighs all of them; of prose it says who says the same.',
	parameters,
	decides: ['the vote'],
	wrap: (inner, context, rules) => run => {
		const step = inner.next(run);

		if (step.type === 'judge') {
			return judging(step, {run, context, rules, inner: inner.next});
		}

		const current = run.iterations.at(-1);
		const last = current?.verdicts.at(-1);

		// How the vote went is told with what comes of it.
		if (!current || !last || step.type === 'observe') {
			return step;
		}

		if (last.method !== 'vote') {
			return withVote(step, current, {context, rules});
		}

		const {minIterations, until} = context.consortium;
		return current.iteration >= minIterations && until.length === 0
			? {type: 'stop', stop: 'converged', reason: last.analysis}
			: step;
	},
});

/**
How a consortium votes; where it does not, the most win.

@throws UserError for parameters that are not allowed.
*/
export function voteIn(
	consortium: Pick<SavedConsortium, 'strategies'>,
): Pick<Rules, 'rule' | 'threshold'> {
	return rulesOf(consortium) ?? {rule: 'plurality', threshold: 0};
}

/**
Whether a consortium votes without the arbiter, where a vote can be won.
*/
export function isArbiterSpared(
	consortium: Pick<SavedConsortium, 'strategies'>,
): boolean {
	return rulesOf(consortium)?.arbiter === 'when-open';
}

function rulesOf(
	consortium: Pick<SavedConsortium, 'strategies'>,
): Rules | null {
	const given = parametersOf(consortium, voting.name);
	return given ? readParameters(parameters, given, voting.name) : null;
}

/**
The vote in the place of the arbiter where it can be, else the arbiter with what the vote tells.
*/
function judging(
	step: Extract<Step, {type: 'judge'}>,
	{
		run,
		context,
		rules,
		inner,
	}: {
		readonly run: View;
		readonly context: StrategyContext;
		readonly rules: Rules;
		readonly inner: (run: View) => Step;
	},
): Step {
	const current = run.iterations.at(-1)!;
	const count = countIn(
		{...current, verdicts: []},
		context,
		rules.rule === 'confidence',
	);

	// One answer is no vote.
	if (count.by !== 'value' || count.answers.length < 2) {
		return step;
	}

	const winner = winnerAmong(count, rules);
	const isForArbiter =
		rules.arbiter === 'always' ||
		run.start!.kind === 'rearbitrate' ||
		current.verdicts.length > 0;

	if (winner && !isForArbiter) {
		const verdict = verdictOf(count, winner, rules);
		return {
			...step,
			judge: [{verdict}],
			reason: withReason(step.reason, verdict.analysis),
			marks: [...(step.marks ?? []), ...marksOf(count, winner, current)],
		};
	}

	const told = inner({
		...run,
		notes: [...(run.notes ?? []), noteOf(count, winner)],
	});

	return {
		...told,
		reason: withReason(told.reason, sentenceOf(count, winner, rules)),
	};
}

/**
A step after a verdict of the arbiter's, with what the vote was.
*/
function withVote(
	step: Step,
	current: IterationPicture,
	{context, rules}: {readonly context: StrategyContext; readonly rules: Rules},
): Step {
	const count = countIn(current, context, rules.rule === 'confidence');
	const winner = winnerAmong(count, rules);

	return count.answers.length < 2
		? step
		: {
				...step,
				reason: withReason(step.reason, sentenceOf(count, winner, rules)),
				marks: [
					...(step.marks ?? []),
					...(winner && count.by !== 'wording'
						? marksOf(count, winner, current)
						: []),
				],
			};
}

function winnerAmong({parties}: Count, {rule, threshold}: Rules): Party | null {
	return winnerOf(parties, rule === 'majority' ? threshold : 0);
}

/**
The winner's answer as a verdict. It has no confidence, since nobody states one of a vote; how certain its lead is stands in its sentence, beside its agreement, which is 1 for two that agree as for twenty.
*/
function verdictOf(count: Count, winner: Party, rules: Rules): VerdictResult {
	const {answers, finals, parties} = count;
	const members = answers.filter(({start}) =>
		winner.voters.some(({id}) => id === start.speaker),
	);
	const best = mostConfident(
		members.toReversed(),
		({outcome}) => outcome?.confidence ?? null,
	)!;
	const others = parties.filter(party => party !== winner);
	const groups = groupFinals(finals);

	return {
		arbiter: 'vote',
		method: 'vote',
		callId: best.start.callId,
		madeOf: members.map(({start}) => start.callId),
		synthesis: standingAlone(best.text),
		confidence: null,
		needsIteration: false,
		analysis: sentenceOf(count, winner, rules),
		dissent: others.map(party => ({
			text: finalOf(count, party)!,
			who: party.voters.map(({id}) => id),
		})),
		refinementAreas: [],
		ranking: [],
		groups,
		agreement: agreementOf(
			groups,
			finals.map(({id}) => id),
		),
		problems: [],
		raw: '',
	};
}

/**
Such as "3 of 5 say 42, which wins the vote (plurality)." Wording is never called a vote.
*/
function sentenceOf(count: Count, winner: Party | null, rules: Rules): string {
	const {answers, by, parties} = count;

	if (by === 'wording') {
		return `By wording alone, which is no agreement, ${parties[0]!.voters.length === 1 ? 'no two' : `${parties[0]!.voters.length} of ${answers.length}`} end alike.`;
	}

	const basis = by === 'arbiter' ? ', as the arbiter groups them' : '';
	const rule =
		rules.rule === 'majority'
			? `majority above ${percentText(rules.threshold)}`
			: rules.rule;

	return winner
		? by === 'arbiter'
			? `${winner.voters.length} of ${answers.length} say the same, as the arbiter groups them, which would win a vote (${rule}).`
			: `${winner.voters.length} of ${answers.length} say ${wordsOf(count, winner)}, which wins the vote (${rule}); that this is what most would say is ${percentText(certaintyOf(count, winner))} certain.`
		: `The vote is open${basis}: ${openBecause(parties)} (${rule}).`;
}

/**
How certain it is that the winner would stay the largest party, 0 to 1.
*/
function certaintyOf({parties}: Count, winner: Party): number {
	return settled(
		winner.voters.length,
		Math.max(
			0,
			...parties
				.filter(party => party !== winner)
				.map(({voters}) => voters.length),
		),
	);
}

function wordsOf(count: Count, party: Party): string {
	const final = count.by === 'value' ? finalOf(count, party) : null;
	return final === null ? 'the same' : quoted(final);
}

function openBecause(parties: readonly Party[]): string {
	const [first, second] = parties;

	return parties.every(({voters}) => voters.length === 1)
		? 'no two say the same'
		: first!.voters.length === 1
			? 'the heaviest answer is that of one alone, which never wins'
			: first!.score - (second?.score ?? 0) < 1e-9
				? 'it is a tie'
				: 'no answer has enough';
}

function marksOf(
	count: Count,
	winner: Party,
	{iteration}: IterationPicture,
): Mark[] {
	const won = wordsOf(count, winner);

	return count.parties.flatMap(party =>
		party.voters.map(({id}) => ({
			instance: id,
			mark: party === winner ? 'winner' : 'minority',
			text:
				party === winner
					? `It says ${won}, which won the vote of iteration ${iteration}.`
					: `${won === 'the same' ? 'Others' : `"${won}"`} won the vote of iteration ${iteration} against it.`,
		})),
	);
}

/**
What an arbiter is told: who says the same, by label alone, since a closing line is a model's text and belongs inside the boundary.
*/
function noteOf({parties}: Count, winner: Party | null): Note {
	return labelOf => {
		const labelled = parties.map(party => ({
			party,
			labels: party.voters.flatMap(({id}) => labelOf(id) ?? []).toSorted(),
		}));
		const groups = labelled.filter(({labels}) => labels.length > 1);
		const won = labelled.find(({party}) => party === winner)?.labels ?? [];
		const same =
			groups.length === 0
				? 'no two are equal'
				: `equal are ${groups.map(({labels}) => labels.join(', ')).join('; ')}`;

		return `The values in which the answers end were compared: ${same}. ${won.length === 0 ? 'No answer wins the vote.' : `The vote is won by ${won.join(', ')}.`} Take it as a count, not as proof.`;
	};
}
