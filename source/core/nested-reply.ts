import {abortKindOf} from './abort.js';
import {groupFinals} from './agreement.js';
import {type RunEvent} from './events.js';
import {ModelError, type Failure} from './failure.js';
import {type ModelPart} from './model.js';
import {standingAlone} from './reading/final.js';
import {type RunResult} from './result.js';
import {type RunControl} from './run-control.js';

/**
A run as a reply: its events, its answer as text while it streams, and its end.

When a person lets it go, it is to answer with what is there. Everybody else ends it at once, and what it had settled on so far is its answer.
*/
export async function* spoken(
	name: string,
	inner: AsyncGenerator<RunEvent, RunResult, void>,
	{
		control,
		leaving,
		letGo,
	}: {
		readonly control: RunControl;
		readonly leaving: AbortController;
		readonly letGo: AbortSignal;
	},
): AsyncGenerator<ModelPart, void, void> {
	let isSent = false;
	let isAnswered = false;
	let said = '';

	const onLetGo = () => {
		const isAsked =
			abortKindOf(letGo) === 'person' && (control.answerNow() || isAnswered);

		if (!isAsked) {
			leaving.abort(letGo.reason);
		}
	};

	letGo.addEventListener('abort', onLetGo, {once: true});

	try {
		if (letGo.aborted) {
			onLetGo();
		}

		while (true) {
			const {done, value} = await inner.next();

			if (done) {
				yield* conclusion(name, value, said);
				return;
			}

			yield {type: 'nested', event: value};

			switch (value.type) {
				case 'call-send': {
					if (!isSent) {
						isSent = true;
						yield {type: 'send'};
					}

					break;
				}

				case 'iteration-start': {
					isAnswered = false;

					// It has weighed what there was, and wants more.
					if (letGo.aborted) {
						leaving.abort(letGo.reason);
					}

					break;
				}

				case 'call-end': {
					isAnswered ||= value.outcome.text.trim() !== '';
					break;
				}

				case 'answer-delta': {
					said += value.text;
					yield {type: 'text', text: value.text};
					break;
				}

				case 'call-retry': {
					if (value.startsOver && said !== '') {
						said = '';
						yield {type: 'restart', failure: value.failure};
					}

					break;
				}

				default:
			}
		}
	} finally {
		letGo.removeEventListener('abort', onLetGo);
	}
}

function* conclusion(
	name: string,
	{answer, reasons, usage}: RunResult,
	said: string,
): Generator<ModelPart> {
	if (answer === null) {
		throw new ModelError({
			...unmet,
			message: `${name} gave no answer. ${reasons.join(' ')}`,
		});
	}

	const isSaid = answer.startsWith(said);

	if (!isSaid) {
		yield {type: 'restart', failure: unmet};
	}

	const rest = isSaid ? answer.slice(said.length) : answer;

	if (rest !== '') {
		yield {type: 'text', text: rest};
	}

	yield {
		type: 'end',
		stop: 'done',
		usage,
		native: null,
		resolvedModel: null,
		requestId: null,
	};
}

/**
The value a run came to: that of the member whose words it returned, else the one in which all its answers end; null when there is none.
*/
export function valueOf({answer, iterations}: RunResult): string | null {
	const instances =
		iterations.findLast(({verdicts}) =>
			verdicts.some(({synthesis}) => synthesis === answer),
		)?.instances ?? [];
	const whole = instances.filter(({state}) => state === 'answered');
	const [first] = groupFinals(whole);

	return (
		whole.find(each => standingAlone(each.answer) === answer)?.final ??
		(first?.length === whole.length ? (whole[0]?.final ?? null) : null)
	);
}

const unmet: Failure = {
	kind: 'unexpected',
	message: 'What it had begun to say did not become its answer.',
	retryable: false,
	status: null,
	requestId: null,
};
