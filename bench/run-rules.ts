import {isDeepStrictEqual} from 'node:util';
import {isUsable} from '../source/core/answers.js';
import {type SavedConsortium} from '../source/core/consortium.js';
import {restoreConversation} from '../source/core/conversation.js';
import {type RunEvent} from '../source/core/events.js';
import {forecastRun} from '../source/core/forecast.js';
import {emptyRun, foldRun, type RunState} from '../source/core/run-state.js';
import {strategyOf} from '../source/core/strategies/known.js';
import {pictureOf} from '../test/helpers/derived.js';
import {brokenRules} from '../test/helpers/grammar.js';
import {essence} from '../test/helpers/resumed.js';
import {castFor} from './simulated-cast.js';
import {type SimulatedQuestion} from './simulated-questions.js';
import {
	playSimulated,
	roles,
	templates,
	type SimulatedRun,
} from './simulated-run.js';
import {optionIn, promptOf} from './simulated-wording.js';
import {virtualWorld} from './virtual-world.js';

type Ends = Extract<RunEvent, {type: 'call-end'}>;

/**
The rules that a run breaks, each in a sentence; `mostCalls` is how many its forecast allows.
*/
export function brokenIn(
	{events, result}: SimulatedRun,
	mostCalls: number,
): string[] {
	const ends = events.filter(event => event.type === 'call-end');
	const listed = result.iterations.flatMap(({instances}) => instances);
	const hedges = events.filter(
		event =>
			event.type === 'decision' &&
			event.marks.some(({mark}) => mark === 'hedged'),
	).length;
	const picture = pictureOf(events);

	return [
		...brokenRules(events),
		...lostAnswers(ends, listed),
		...wrongVotes(picture),
		...tooFew(picture),
		...costMistakes(ends, result),
		// A forecast leaves failures out.
		...(ends.length > mostCalls + hedges &&
		listed.every(({state}) => state === 'answered')
			? [`There were ${ends.length} calls, and ${mostCalls} were forecast.`]
			: []),
		...(result.status === 'degraded' &&
		listed.every(({state}) => state === 'answered')
			? ['It ended degraded, and everyone had answered.']
			: []),
		...(['limited', 'cancelled'].includes(result.status)
			? [`It ended as ${result.status}.`]
			: []),
	];
}

function lostAnswers(
	ends: readonly Ends[],
	listed: SimulatedRun['result']['iterations'][number]['instances'],
): string[] {
	return ends
		.filter(({purpose}) => purpose === 'answer')
		.filter(({callId, outcome}) =>
			listed.every(
				each =>
					each.callId !== callId ||
					each.answer !== outcome.text ||
					each.state !== outcome.state,
			),
		)
		.map(({callId}) => `What was said in ${callId} is lost.`);
}

function costMistakes(
	ends: readonly Ends[],
	{costUsd, costIsComplete}: SimulatedRun['result'],
): string[] {
	const known = ends.flatMap(({outcome}) => outcome.costUsd ?? []);
	const sum = known.reduce((total, each) => total + each, 0);

	// What was found out costs too.
	return Math.abs(sum - (costUsd ?? 0)) > 0.001 ||
		(costIsComplete && known.length < ends.length)
		? [`It cost ${sum} and says ${costUsd}.`]
		: [];
}

/**
Votes of those who gave nothing that can be weighed, or that count somebody twice.
*/
function wrongVotes({iterations}: RunState): string[] {
	return iterations.flatMap(({iteration, calls, verdicts}) => {
		const usable = new Map(
			calls
				.filter(call => call.start.purpose === 'answer' && isUsable(call))
				.map(({start}) => [start.speaker, start.callId]),
		);

		return verdicts
			.filter(({method}) => method === 'vote')
			.filter(({madeOf, dissent, groups}) => {
				const won = usable
					.entries()
					.filter(([, callId]) => madeOf.includes(callId))
					.map(([speaker]) => speaker)
					.toArray();
				const voters = [...won, ...dissent.flatMap(({who}) => who)];

				return (
					won.length !== madeOf.length ||
					won.length < 2 ||
					!isDeepStrictEqual(
						voters.toSorted(),
						usable.keys().toArray().toSorted(),
					) ||
					groups.flat().some(id => !usable.has(id))
				);
			})
			.map(
				() => `A vote of iteration ${iteration} is not that of its answers.`,
			);
	});
}

/**
Iterations that elimination left fewer instances in than it may.
*/
function tooFew({start, iterations}: RunState): string[] {
	const isNarrowing = start!.consortium.strategies.some(
		({name}) => name === 'elimination',
	);

	return isNarrowing && iterations.some(({instances}) => instances.length < 2)
		? ['Elimination kept fewer than two.']
		: [];
}

/**
How many calls a run can make by its forecast.
*/
export async function mostCallsOf(
	question: SimulatedQuestion,
	consortium: SavedConsortium,
): Promise<number> {
	const world = virtualWorld('forecast');
	const {high} = await world.passing(
		forecastRun(consortium, promptOf(question), {
			models: castFor(question, world).models,
			templates,
			roles,
			world,
		}),
	);

	return high.calls;
}

/**
Decisions that another strategy would not take that knows no more of the run than what its events say.
*/
export function changedDecisions({events}: SimulatedRun): string[] {
	const run = emptyRun();
	const changed: string[] = [];
	let since: RunEvent['type'] = 'run-start';

	for (const event of events) {
		const isOwn =
			event.type === 'decision' &&
			event.marks.every(({mark}) => mark !== 'hedged');

		// What reaches in while others speak is decided by nobody.
		if (isOwn && since !== 'call-start') {
			const {consortium, instances} = run.start!;
			const step = strategyOf({
				consortium,
				instances,
				templates,
				thread: [],
			}).next(run);

			if (step.reason !== event.reason || step.type !== event.action) {
				changed.push(
					`Decision ${event.seq} would be another: "${step.reason}" instead of "${event.reason}".`,
				);
			}
		}

		since = event.type;
		foldRun(run, structuredClone(event));
	}

	return changed;
}

/**
What a run says of an answer that "the rest cannot change" and that asking everyone contradicts.
*/
export async function contradicted(
	question: SimulatedQuestion,
	consortium: SavedConsortium,
	{events, result}: SimulatedRun,
): Promise<string[]> {
	const isProven = events.some(
		event =>
			event.type === 'decision' &&
			event.action === 'judge' &&
			event.reason.includes('the rest cannot change that'),
	);
	const [first] = result.iterations[0]?.verdicts ?? [];

	if (!isProven || first?.method !== 'vote') {
		return [];
	}

	const all = await playSimulated(question, {
		...consortium,
		strategies: consortium.strategies.filter(({name}) => name !== 'adaptive'),
	});
	const [whole] = all.result.iterations[0]!.verdicts;

	return whole?.method === 'vote' &&
		optionIn(question, whole.synthesis ?? '') ===
			optionIn(question, first.synthesis ?? '')
		? []
		: ['What the rest could not change they change.'];
}

/**
Whether a run that is broken off after some of its events, and resumed, comes to something else.
*/
export async function changedByResume(
	question: SimulatedQuestion,
	consortium: SavedConsortium,
	whole: SimulatedRun,
): Promise<string[]> {
	const cut =
		1 +
		question.draws.below(
			whole.events.length - 2,
			`cut ${consortium.name} ${question.index}`,
		);
	const told = whole.events.slice(0, cut);
	const run = pictureOf(told);
	const world = virtualWorld(`resumed-${question.index}`, run.lastAt);
	const resumed = await playSimulated(question, consortium, {
		world,
		conversation: restoreConversation(world, run.start!.conversationId, [run]),
		from: {kind: 'resume', run, redo: []},
	});
	const broken = brokenRules([...told, ...resumed.events]);

	return isDeepStrictEqual(inOrder(resumed), inOrder(whole))
		? broken
		: [...broken, `Resumed after event ${cut - 1} it ends otherwise.`];
}

/**
What a run comes to, whichever of several judges was the first to speak.
*/
function inOrder(run: SimulatedRun) {
	const {iterations, ...rest} = essence(run);

	return {
		...rest,
		iterations: iterations.map(({answers, verdicts}) => ({
			answers,
			verdicts: [
				...verdicts
					.slice(0, -1)
					.toSorted((one, other) => one.arbiter.localeCompare(other.arbiter)),
				verdicts.at(-1),
			],
		})),
	};
}
