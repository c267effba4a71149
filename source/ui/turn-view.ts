import {type RunKind} from '../core/events.js';
import {type RunResult} from '../core/result.js';
import {type RunState} from '../core/run-state.js';

/**
A question that was asked in this conversation, as the screen shows it.
*/
export type TurnView = {
	readonly runId: string;
	readonly kind: RunKind;
	readonly prompt: string;
	readonly consortium: string;
	readonly simulated: boolean;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly startedAt: number;

	/**
	Null when its process was killed before it ended.
	*/
	readonly result: RunResult | null;
	readonly rating: 'good' | 'bad' | null;
};

/**
@returns null for a picture in which nothing has happened.
*/
export function turnViewOf({
	runId,
	start,
	startedAt,
	result,
}: RunState): TurnView | null {
	return start
		? {
				runId,
				kind: start.kind,
				prompt: start.prompt,
				consortium: start.consortium.name,
				simulated: start.simulated,
				startedAt,
				result,
				rating: null,
			}
		: null;
}

/**
The turns of a conversation from the pictures of its runs, in order: of a question that was judged or asked again, the latest run.
*/
export function turnsOf(pictures: readonly RunState[]): TurnView[] {
	const turns = new Map<number, TurnView>();

	for (const picture of pictures) {
		const view = turnViewOf(picture);

		if (view) {
			turns.set(picture.start!.turn, view);
		}
	}

	return turns.values().toArray();
}
