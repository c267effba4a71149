import {type RunEventBody} from './events.js';
import {type CallOutcome} from './result.js';
import {giveBack, type Granted} from './member-call.js';
import {type Message} from './model.js';
import {degradingProblems} from './problems.js';
import {satisfies} from './stop.js';
import {fill} from './template.js';
import {
	callArbiter,
	grantFor,
	weighedAnswers,
	type Ask,
	type Judge,
	type Reply,
} from './arbiter-request.js';
import {type Turn} from './turn.js';
import {isBrokenOff} from './resume.js';
import {parseVerdict, type ParsedVerdict} from './reading/verdict.js';
import {verdictFrom} from './weigh.js';

/**
Let one arbiter weigh the answers. What it leaves out, or garbles, it is asked for once more; then its words count as they are. No verdict comes of an arbiter that said nothing.
*/
export async function* askArbiter(
	turn: Turn,
	judge: Judge,
	iteration: number,
	granted: Granted,
): AsyncGenerator<RunEventBody, void, void> {
	const message: Message = {role: 'user', parts: judge.brief.message};
	const first =
		saidBefore(turn, judge, 'synthesis') ??
		(yield* callArbiter(turn, {
			judge,
			iteration,
			purpose: 'synthesis',
			messages: [message],
			extends: null,
			granted,
		}));
	giveBack(turn, granted.callId);

	if (['failed', 'refused', 'cancelled'].includes(first.outcome.state)) {
		return;
	}

	let raw = first.outcome.text;
	let parsed = parseVerdict(raw);
	let {callId} = first;
	const missing = missingSections(parsed, turn.consortium);

	const {text, native} = first.outcome;
	const isEmpty = text.trim() === '';
	const again: readonly Message[] = isEmpty
		? [message]
		: [
				message,
				{role: 'assistant', text, native},
				{
					role: 'user',
					parts: [fill(turn.templates.repair, {missing: missing.join('\n')})],
				},
			];
	const saidAgain = saidBefore(turn, judge, 'repair');
	const grant =
		missing.length > 0 && !saidAgain && !turn.signal.aborted
			? grantFor(turn, judge.arbiter, again)
			: null;

	if (missing.length > 0 && (saidAgain ?? grant)) {
		const second =
			saidAgain ??
			(yield* callArbiter(turn, {
				judge,
				iteration,
				purpose: 'repair',
				messages: again,
				extends: isEmpty ? null : first.callId,
				granted: grant!,
			}));

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

/**
What an arbiter said to this brief before the run was resumed, when it never became a verdict.
*/
function saidBefore(
	{run}: Turn,
	{arbiter, brief}: Judge,
	purpose: Ask['purpose'],
): Reply | null {
	const {calls, verdicts} = run.iterations.at(-1)!;
	const call = calls.findLast(
		({start, outcome}) =>
			start.speaker === arbiter &&
			start.purpose === purpose &&
			JSON.stringify(start.labels) === JSON.stringify(brief.labels) &&
			outcome !== null &&
			!isBrokenOff(outcome) &&
			verdicts.every(({callId}) => callId !== start.callId),
	);

	return call?.outcome
		? {callId: call.start.callId, outcome: call.outcome}
		: null;
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
