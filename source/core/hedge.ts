import {callsOf} from './answers.js';
import {asksFor} from './asking.js';
import {type RunEventBody} from './events.js';
import {askMember, giveBack, priceOfAsk} from './member-call.js';
import {instanceOf, type Turn} from './turn.js';

/**
Asks a second time whoever has not said a word for too long. Of the two calls the one that speaks first stays, the other is stopped; what a person does to one is done to both.
*/
export type Hedge = {
	/**
	To be told of everything that happens, after it is in the picture.
	*/
	readonly note: (body: RunEventBody) => void;
};

/**
@param turn the question it is about
@param hedgeMs from the moment a request went out; what waits in a provider's queue is not late.
@param signal when it aborts, nobody is asked any more.
*/
export function createHedge(
	turn: Turn,
	hedgeMs: number,
	signal: AbortSignal,
): Hedge {
	const {run, world, inlet, calls, allowance, strategy} = turn;
	const twins = new Map<string, string>();

	const part = (callId: string): string | null => {
		const twin = twins.get(callId);

		if (twin === undefined) {
			return null;
		}

		twins.delete(callId);
		twins.delete(twin);
		return twin;
	};

	const askTwice = async (callId: string) => {
		await world.sleep(hedgeMs, signal);
		const {start, outcome, firstTokenAt, nested} = run.calls.get(callId)!;

		if (
			signal.aborted ||
			outcome !== null ||
			firstTokenAt !== null ||
			// Its members speak already.
			nested !== null ||
			calls.speaking([callId]).length === 0
		) {
			return;
		}

		const {iteration, speaker: id} = start;
		const speaker = instanceOf(turn, id);
		const [ask] = asksFor(run, iteration, {
			instances: [speaker],
			templates: turn.templates,
		});
		const replaced = callsOf(run.iterations[iteration - 1]!, id).filter(
			call => call.start.callId !== callId,
		);
		const twin = world.newId();
		const usd = priceOfAsk(turn, ask!, {speaker, replaced});

		if (allowance.reserve([[twin, usd]]) !== null) {
			return;
		}

		twins.set(callId, twin);
		twins.set(twin, callId);
		inlet.say({
			type: 'decision',
			iteration,
			strategy: strategy.name,
			action: 'ask',
			reason: `${id} has not said a word for ${Math.round(hedgeMs / 100) / 10} s: it is asked a second time, and who speaks first stays.`,
			marks: [
				{instance: id, mark: 'hedged', text: 'It was asked a second time.'},
			],
			saved: null,
		});
		inlet.admit(
			unlessParted(
				askMember(turn, ask!, iteration, {callId: twin, usd, replaced}),
				twin,
			),
		);
	};

	/**
	Whoever was asked twice may have spoken, or have been stopped, before its twin begins.
	*/
	async function* unlessParted(
		events: AsyncGenerator<RunEventBody, void, void>,
		twin: string,
	): AsyncGenerator<RunEventBody, void, void> {
		if (twins.has(twin)) {
			yield* events;
		} else {
			giveBack(turn, twin);
		}
	}

	return {
		note(body) {
			switch (body.type) {
				case 'call-send': {
					const {callId, attempt} = body;
					const isAnswer = run.calls.get(callId)?.start.purpose === 'answer';

					if (isAnswer && attempt === 1 && !twins.has(callId)) {
						void askTwice(callId);
					}

					break;
				}

				case 'call-delta': {
					const twin = part(body.callId);

					if (twin !== null) {
						calls.stop([twin], 'strategy');
					}

					break;
				}

				case 'control': {
					for (const callId of body.callIds) {
						const twin = part(callId);

						if (twin !== null && body.refusal === null) {
							calls.stop([twin], body.by);
						}
					}

					break;
				}

				default:
			}
		},
	};
}
