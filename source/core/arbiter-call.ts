import {callModel} from './call.js';
import {type RunEventBody} from './events.js';
import {type CallOutcome, type VerdictResult} from './result.js';
import {type Message} from './model.js';
import {answersOf, type CallPicture, type RunState} from './run-state.js';
import {degradingProblems} from './problems.js';
import {returnedVerdict} from './returned.js';
import {satisfies} from './stop.js';
import {type Step, type Strategy} from './strategy.js';
import {createSynthesisStream} from './reading/synthesis-stream.js';
import {fill} from './template.js';
import {type Turn} from './turn.js';
import {parseVerdict, type ParsedVerdict} from './reading/verdict.js';
import {verdictFrom} from './weigh.js';

type Judge = Extract<Step, {type: 'judge'}>['judge'][number];
type Ask = {
	readonly judge: Judge;
	readonly iteration: number;
	readonly purpose: 'synthesis' | 'repair';
	readonly messages: readonly Message[];
	readonly extends: string | null;
};
type Reply = {readonly callId: string; readonly outcome: CallOutcome};

/**
Let one arbiter weigh the answers. What it leaves out, or garbles, it is asked for once more; then its words count as they are. No verdict comes of an arbiter that said nothing.
*/
export async function* askArbiter(
	turn: Turn,
	judge: Judge,
	iteration: number,
): AsyncGenerator<RunEventBody, void, void> {
	const message: Message = {role: 'user', parts: judge.brief.message};
	const first = yield* call(turn, {
		judge,
		iteration,
		purpose: 'synthesis',
		messages: [message],
		extends: null,
	});

	if (['failed', 'refused', 'cancelled'].includes(first.outcome.state)) {
		return;
	}

	let raw = first.outcome.text;
	let parsed = parseVerdict(raw);
	let {callId} = first;
	const missing = missingSections(parsed, turn.consortium);

	if (missing.length > 0 && !turn.signal.aborted) {
		const {text, native} = first.outcome;
		const isEmpty = text.trim() === '';
		const second = yield* call(turn, {
			judge,
			iteration,
			purpose: 'repair',
			messages: isEmpty
				? [message]
				: [
						message,
						{role: 'assistant', text, native},
						{
							role: 'user',
							parts: [
								fill(turn.templates.repair, {missing: missing.join('\n')}),
							],
						},
					],
			extends: isEmpty ? null : first.callId,
		});

		if (isEmpty) {
			raw = second.outcome.text;
			parsed = parseVerdict(raw);
			callId = second.callId;
		} else {
			parsed = repaired(parsed, parseVerdict(second.outcome.text));
			raw = `${raw}\n\n${second.outcome.text}`.trim();
		}
	}

	if (parsed.synthesis === null || turn.signal.aborted) {
		return;
	}

	const {labels} = judge.brief;
	yield {
		type: 'verdict',
		iteration,
		arbiter: judge.arbiter,
		callId,
		labels,
		verdict: verdictFrom(withFallbacks(parsed, first.outcome), labels, {
			answers: weighedAnswers(turn.run, labels),
			raw,
		}),
	};
}

async function* call(
	turn: Turn,
	ask: Ask,
): AsyncGenerator<RunEventBody, Reply, void> {
	const {world, consortium, conversation, signal, templates} = turn;
	const {judge, iteration, purpose, messages} = ask;
	const arbiter = turn.run.start!.arbiters.findIndex(
		({id}) => id === judge.arbiter,
	);
	const {model, options = {}} = consortium.arbiters[arbiter]!;
	const system = templates.arbiter.text.trim();
	const transcriptId = conversation.transcriptOf({
		id: judge.arbiter,
		model,
		system,
	}).id;
	const callId = world.newId();
	const message = messages.at(-1)!;
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
				purpose === 'repair' ? templates.repair.hash : templates.arbiter.hash,
			message: message.role === 'user' ? message.parts : [],
			extends: ask.extends,
			labels: judge.brief.labels,
		};

		const outcome = yield* withAnswer(
			turn,
			{callId, labels: judge.brief.labels, isFirst: purpose === 'synthesis'},
			callModel(
				turn.models.get(model)!,
				{system, messages, options, purpose, transcriptId},
				{
					callId,
					world,
					runSignal: signal,
					callSignal: open.signal,
					read: () => ({final: null, confidence: null}),
				},
			),
		);
		open.finish();

		yield {type: 'call-end', ...about, outcome, committed: false};
		return {callId, outcome};
	} finally {
		open.close();
	}
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
						answers: weighedAnswers(turn.run, labels),
						raw: '',
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

const descriptions = {
	synthesis: '<synthesis>the complete answer</synthesis>',
	confidence: '<confidence>a number from 0 to 1</confidence>',
	needsIteration: '<needs_iteration>true or false</needs_iteration>',
};

/**
The sections worth a second question. Whether another iteration is needed is only asked for when the run would go one way or the other by it.
*/
function missingSections(
	{hasSynthesisSection, confidence, needsIteration}: ParsedVerdict,
	consortium: Turn['consortium'],
): string[] {
	const hangsOnIt =
		satisfies({confidence, needsIteration: true}, consortium) !==
		satisfies({confidence, needsIteration: false}, consortium);

	return [
		hasSynthesisSection ? null : descriptions.synthesis,
		confidence === null ? descriptions.confidence : null,
		needsIteration === null && hangsOnIt ? descriptions.needsIteration : null,
	].filter(section => section !== null);
}

function repaired(first: ParsedVerdict, second: ParsedVerdict): ParsedVerdict {
	const takesSynthesis =
		!first.hasSynthesisSection && second.hasSynthesisSection;

	return {
		...first,
		...(takesSynthesis && {
			synthesis: second.synthesis,
			hasSynthesisSection: true,
		}),
		confidence: first.confidence ?? second.confidence,
		needsIteration: first.needsIteration ?? second.needsIteration,
		problems: [
			...first.problems,
			'The arbiter was asked once more for what its reply left out.',
		],
	};
}

function withFallbacks(
	parsed: ParsedVerdict,
	{state}: CallOutcome,
): ParsedVerdict {
	const fallbacks = [
		parsed.hasSynthesisSection ? null : degradingProblems.noSynthesis,
		state === 'truncated' ? degradingProblems.cutOff : null,
		state === 'stopped' ? degradingProblems.stopped : null,
	].filter(problem => problem !== null);

	return {...parsed, problems: [...parsed.problems, ...fallbacks]};
}

/**
The answers that stand in a brief, also those that were left out after it was sent.
*/
function weighedAnswers(
	{iterations}: RunState,
	labels: Readonly<Record<string, string>>,
): CallPicture[] {
	const weighed = new Set(Object.values(labels));
	return answersOf(iterations.at(-1)!).filter(({start}) =>
		weighed.has(start.speaker),
	);
}
