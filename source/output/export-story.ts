import {type RunKind} from '../core/events.js';
import {answersOf, countingVerdict} from '../core/answers.js';
import {canonicalFinal} from '../core/reading/canonical.js';
import {type CallState, type VerdictResult} from '../core/result.js';
import {returnedVerdict} from '../core/returned.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from '../core/run-state.js';
import {decisionLines, savedIn, savedText} from '../text/judging.js';
import {costText, durationText, endingText} from '../text/phrases.js';
import {costsBySpeaker, costsOfRun, type SpeakerCosts} from './run-costs.js';

/**
An answer of an instance, beside what the others said.
*/
export type AnswerStory = {
	/**
	The run of the consortium that gave it; null where a model did.
	*/
	readonly inside: RunStory | null;
	readonly callId: string;
	readonly instance: string;
	readonly model: string;

	/**
	Null for none.
	*/
	readonly role: string | null;

	/**
	As the call stands where it was broken off.
	*/
	readonly state: CallState | CallPicture['state'];
	readonly text: string;
	readonly final: string | null;
	readonly confidence: number | null;
	readonly failure: string | null;
	readonly costUsd: number | null;
	readonly isLeftOut: boolean;

	/**
	False for one in whose place another answer of the same iteration came.
	*/
	readonly isCounted: boolean;

	/**
	The letter of those who say the same in this iteration; null when the arbiter put it with nobody, or nothing tells.
	*/
	readonly group: string | null;

	/**
	What became of its one-line answer since the iteration before; null where there is nothing to compare.
	*/
	readonly change: {
		readonly isKept: boolean;
		readonly from: string;
		readonly to: string;
	} | null;
};

export type GroupStory = {
	readonly letter: string;
	readonly instances: readonly string[];
};

export type IterationStory = {
	readonly iteration: number;

	/**
	In the order of the configuration, one that was asked again with all its calls.
	*/
	readonly answers: readonly AnswerStory[];

	/**
	Who says the same, the largest group first; none when nothing tells.
	*/
	readonly groups: readonly GroupStory[];
	readonly verdicts: readonly VerdictResult[];

	/**
	What was decided in it and why, what was found out and what was saved, a line each.
	*/
	readonly decisions: readonly string[];

	/**
	The runs of consortiums that weighed the answers, with who they are.
	*/
	readonly weighedInside: ReadonlyArray<{
		readonly arbiter: string;
		readonly story: RunStory;
	}>;
};

/**
A run as its export tells it, in whatever form.
*/
export type RunStory = {
	readonly runId: string;
	readonly kind: RunKind;
	readonly derivedFrom: string | null;
	readonly question: string;
	readonly answer: string | null;
	readonly confidence: number | null;
	readonly threshold: number;

	/**
	How it ended and what it took, in a few words each.
	*/
	readonly facts: readonly string[];
	readonly reasons: readonly string[];

	/**
	The verdict that became the answer; null when there is none.
	*/
	readonly verdict: VerdictResult | null;
	readonly instances: readonly string[];
	readonly iterations: readonly IterationStory[];
	readonly costs: readonly SpeakerCosts[];
	readonly total: SpeakerCosts;
};

/**
@returns null for a picture in which nothing has happened.
*/
export function storyOf(run: RunState): RunStory | null {
	const {start, result} = run;

	if (!start) {
		return null;
	}

	const total = costsOfRun(run);
	const hasAnswer = result !== null && result.answer !== null;
	const count = run.iterations.length;

	return {
		runId: run.runId,
		kind: start.kind,
		derivedFrom: start.derivedFrom,
		question: start.prompt,
		answer: result?.answer ?? null,
		confidence: result?.confidence ?? null,
		threshold: start.consortium.confidenceThreshold,
		facts: [
			...(start.simulated ? ['simulated: the answers mean nothing'] : []),
			result ? endingText(result.status) : 'broken off',
			start.consortium.name,
			...mannersOf(run),
			`${count} iteration${count === 1 ? '' : 's'}`,
			...(result ? [durationText(result.durationMs)] : []),
			costText(total.costUsd, total.costIsComplete),
			`${new Date(run.startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
		],
		reasons: result?.reasons ?? [],
		verdict: hasAnswer
			? (returnedVerdict(run, result.status === 'converged')?.verdict ?? null)
			: null,
		instances: start.instances.map(({id}) => id),
		iterations: run.iterations.map((iteration, index) =>
			iterationStory(run, iteration, run.iterations[index - 1]),
		),
		costs: costsBySpeaker(run),
		total,
	};
}

/**
How it was run, where that is not the usual way, and what that saved.
*/
function mannersOf(run: RunState): string[] {
	const {strategies, judging, until} = run.start!.consortium;
	const names = strategies
		.map(({name}) => name)
		.filter(name => name !== 'default');
	const saved = savedIn(run);

	return [
		...(names.length === 0 ? [] : [names.join(' + ')]),
		...(judging === 'synthesis' ? [] : [`judging: ${judging}`]),
		...(until.length === 0 ? [] : [`until ${until.join(' and ')}`]),
		...(saved ? [savedText(saved)] : []),
	];
}

function iterationStory(
	run: RunState,
	iteration: IterationPicture,
	before: IterationPicture | undefined,
): IterationStory {
	const groups = (countingVerdict(iteration)?.groups ?? [])
		.toSorted((left, right) => right.length - left.length)
		.map((instances, index) => ({letter: letterOf(index), instances}));
	const roles = new Map(run.start!.instances.map(({id, role}) => [id, role]));
	const counted = new Set(answersOf(iteration));
	const finalsBefore = new Map(
		(before ? answersOf(before) : []).map(({start, outcome}) => [
			start.speaker,
			outcome?.final ?? null,
		]),
	);

	return {
		iteration: iteration.iteration,
		groups,
		verdicts: iteration.verdicts,
		decisions: [
			...(before ? [] : decisionLines(run, 0)),
			...decisionLines(run, iteration.iteration),
		],
		weighedInside: iteration.calls
			.filter(({start}) => start.purpose !== 'answer')
			.flatMap(({start, nested}) => {
				const story = nested && storyOf(nested);
				return story ? [{arbiter: start.speaker, story}] : [];
			}),
		answers: iteration.instances.flatMap(instance =>
			iteration.calls
				.filter(
					({start}) => start.speaker === instance && start.purpose === 'answer',
				)
				.map(call => {
					const isCounted = counted.has(call);

					return {
						...answerStory(call),
						role: roles.get(instance) ?? null,
						isCounted,
						group: isCounted
							? (groups.find(({instances}) => instances.includes(instance))
									?.letter ?? null)
							: null,
						change: changeOf(
							finalsBefore.get(instance) ?? null,
							call.outcome?.final ?? null,
						),
					};
				}),
		),
	};
}

function answerStory({
	start,
	state,
	text,
	outcome,
	isLeftOut,
	carriedFrom,
	nested,
}: CallPicture): Omit<AnswerStory, 'role' | 'isCounted' | 'group' | 'change'> {
	return {
		inside: nested && storyOf(nested),
		callId: start.callId,
		instance: start.speaker,
		model: start.model,
		state,
		text: outcome?.text ?? text,
		final: outcome?.final ?? null,
		confidence: outcome?.confidence ?? null,
		failure: outcome?.failure?.message ?? null,
		costUsd: carriedFrom === null ? (outcome?.costUsd ?? null) : 0,
		isLeftOut,
	};
}

function changeOf(
	before: string | null,
	now: string | null,
): AnswerStory['change'] {
	if (before === null || now === null) {
		return null;
	}

	const isKept = canonicalFinal(before) === canonicalFinal(now);
	return {isKept, from: before, to: now};
}

/**
A to Z, then A1 and so on.
*/
function letterOf(index: number): string {
	const letter = String.fromCodePoint(65 + (index % 26));
	return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}
