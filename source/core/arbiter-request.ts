import {chargeOf} from './allowance.js';
import {hintsFor, isKept} from './caching.js';
import {callModel} from './call.js';
import {type RunEventBody} from './events.js';
import {type CallOutcome, type VerdictResult} from './result.js';
import {forecastUsd} from './limits.js';
import {giveBack, type Granted} from './member-call.js';
import {createMeter} from './meter.js';
import {
	systemOfJudge,
	templateOfJudge,
	type AskedJudge,
} from './judging/replies.js';
import {type CachePosition, type CallPurpose, type Message} from './model.js';
import {answersOf, isUsable} from './answers.js';
import {type CallPicture, type RunState} from './run-state.js';
import {returnedVerdict} from './returned.js';
import {type Strategy} from './strategy.js';
import {createSynthesisStream} from './reading/synthesis-stream.js';
import {type Turn} from './turn.js';
import {verdictFrom} from './weigh.js';

export type Ask = {
	readonly judge: AskedJudge;
	readonly iteration: number;
	readonly purpose: CallPurpose;
	readonly messages: readonly Message[];
	readonly extends: string | null;
	readonly granted: Granted;
};
export type {AskedJudge} from './judging/replies.js';
export type Reply = {readonly callId: string; readonly outcome: CallOutcome};

/**
One call to an arbiter. As soon as it is certain that its synthesis is the answer of the run, that streams as `answer-delta`s.
*/
export async function* callArbiter(
	turn: Turn,
	ask: Ask,
): AsyncGenerator<RunEventBody, Reply, void> {
	const {world, conversation, signal, templates} = turn;
	const {judge, iteration, purpose, messages, granted} = ask;
	const {callId, usd} = granted;
	const {model, options = {}} = judgeOf(turn, judge.arbiter);
	const port = turn.models.get(model)!;
	const system = systemOfJudge(judge.method, templates);
	const transcriptId = conversation.transcriptOf({
		// A review is no part of what an instance says in the conversation.
		id: purpose === 'review' ? `${judge.arbiter} review` : judge.arbiter,
		model,
		system,
	}).id;
	const message = messages.at(-1)!;
	const {hints, told: cache} = hintsFor(
		port.promptCache,
		arbiterPrefix(turn, judge.arbiter, iteration),
		{
			transcriptId,
			newMessage: messages.length - 1,
			hasMarkers: turn.caching.hasMarkers,
		},
	);
	const about = {callId, iteration, speaker: judge.arbiter, purpose};
	const open = turn.calls.open(callId, 'arbiter');

	try {
		yield {
			type: 'call-start',
			...about,
			model,
			transcriptId,
			system,
			options,
			templateHash:
				purpose === 'repair'
					? templates.repair.hash
					: templateOfJudge(judge.method, templates).hash,
			message: message.role === 'user' ? message.parts : [],
			extends: ask.extends,
			labels: judge.brief.labels,
			cache,
			reservedUsd: usd,
		};

		const outcome = yield* withAnswer(
			turn,
			{callId, labels: judge.brief.labels, isFirst: purpose === 'synthesis'},
			callModel(
				port,
				{system, messages, options, purpose, transcriptId, cache: hints},
				{
					callId,
					world,
					meter: createMeter(turn.allowance, port, {
						callId,
						usd,
						maxTokens: options['maxTokens'],
					}),
					runSignal: signal,
					callSignal: open.signal,
					read: () => ({final: null, confidence: null}),
				},
			),
		);
		open.finish();
		turn.allowance.settle(callId, chargeOf(port, outcome, usd));

		yield {type: 'call-end', ...about, outcome, committed: false};
		return {callId, outcome};
	} finally {
		giveBack(turn, callId);
		open.close();
	}
}

/**
The model of an arbiter, or of an instance that reviews.
*/
function judgeOf({consortium, run, instances}: Turn, id: string) {
	const index = run.start!.arbiters.findIndex(each => each.id === id);
	return consortium.arbiters[index] ?? instances.find(each => each.id === id)!;
}

/**
What an arbiter is expected to cost, in US dollars.
*/
export function priceOfJudging(
	turn: Turn,
	{arbiter, method}: Pick<AskedJudge, 'arbiter' | 'method'>,
	messages: readonly Message[],
): number {
	const {model, options} = judgeOf(turn, arbiter);
	const characters =
		systemOfJudge(method, turn.templates).length +
		JSON.stringify(messages).length;

	return (
		forecastUsd(turn.models.get(model)!, characters, options?.['maxTokens']) ??
		0
	);
}

/**
Null when a limit forbids the call.
*/
export function grantFor(
	turn: Turn,
	judge: AskedJudge,
	messages: readonly Message[],
): Granted | null {
	const granted = {
		callId: turn.world.newId(),
		usd: priceOfJudging(turn, judge, messages),
	};

	return turn.allowance.reserve([[granted.callId, granted.usd]]) === null
		? granted
		: null;
}

/**
Where the part of a brief ends that is the same in every iteration of a run, while another may come or an earlier one was kept.
*/
function arbiterPrefix(
	{run, consortium, world}: Turn,
	arbiter: string,
	iteration: number,
): CachePosition | null {
	const wasKept = run.calls
		.values()
		.some(call => call.start.speaker === arbiter && isKept(call, world.now()));

	return iteration < consortium.maxIterations || wasKept
		? {message: 0, part: 0}
		: null;
}

/**
Pass a call's events on and, as soon as what came before the synthesis makes it certain to be the answer of the run, the synthesis as `answer-delta`s.
*/
async function* withAnswer(
	turn: Turn,
	about: {
		readonly callId: string;
		readonly labels: Readonly<Record<string, string>>;
		readonly isFirst: boolean;
	},
	events: AsyncGenerator<RunEventBody, CallOutcome, void>,
): AsyncGenerator<RunEventBody, CallOutcome, void> {
	const {callId, labels} = about;
	let synthesis = createSynthesisStream();
	let isFinal = false;

	while (true) {
		const {done, value} = await events.next();

		if (done) {
			return value;
		}

		yield value;

		if (value.type === 'call-retry' && value.startsOver) {
			synthesis = createSynthesisStream();
			isFinal = false;
		}

		if (!about.isFirst || value.type !== 'call-delta') {
			continue;
		}

		if (value.channel === 'text') {
			const {head, text} = synthesis.push(value.text);

			if (head) {
				isFinal = wouldBeReturned(turn.run, turn.strategy, {
					...verdictFrom({...head, synthesis: ''}, labels, {
						answers: answersWeighed(turn.run, labels),
						raw: '',
						method: 'synthesis',
					}),
					arbiter: '',
					callId,
				});
			}

			if (isFinal && text !== '') {
				yield {type: 'answer-delta', callId, text};
			}
		}
	}
}

/**
Whether a run would end with this verdict and return it, found by asking the strategy about a picture that already holds it.
*/
function wouldBeReturned(
	run: RunState,
	strategy: Strategy,
	verdict: VerdictResult,
): boolean {
	const current = run.iterations.at(-1)!;
	const imagined: RunState = {
		...run,
		iterations: [
			...run.iterations.slice(0, -1),
			{...current, verdicts: [...current.verdicts, verdict]},
		],
	};
	const step = strategy.next(imagined);

	return (
		step.type === 'stop' &&
		returnedVerdict(imagined, step.stop === 'converged')?.verdict === verdict
	);
}

/**
The answers that a verdict is about: those that stand in its brief, also when they were left out after it was sent, and those that a strategy kept from it, which agree or disagree all the same.
*/
export function answersWeighed(
	{iterations}: RunState,
	labels: Readonly<Record<string, string>>,
): CallPicture[] {
	const shown = new Set(Object.values(labels));
	return answersOf(iterations.at(-1)!).filter(
		call => shown.has(call.start.speaker) || isUsable(call),
	);
}
