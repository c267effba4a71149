import {type RunKind} from '../core/events.js';
import {type RunResult} from '../core/result.js';
import {type RunState} from '../core/run-state.js';

/**
A question that was asked in this conversation, as the screen shows it.
*/
export type TurnView = {
	readonly runId: string;
	readonly kind: RunKind;

	/**
	Which question of the conversation, counted from 1.
	*/
	readonly turn: number;
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

	/**
	The run itself, with all its calls.
	*/
	readonly picture: RunState;
};

/**
@returns null for a picture in which nothing has happened.
*/
export function turnViewOf(picture: RunState): TurnView | null {
	const {runId, start, startedAt, result} = picture;

	return start
		? {
				runId,
				kind: start.kind,
				turn: start.turn,
				prompt: start.prompt,
				consortium: start.consortium.name,
				simulated: start.simulated,
				startedAt,
				result,
				rating: null,
				picture,
			}
		: null;
}

/**
The turns with one more. A run that was made from the last one takes its place when its answer is as good; what failed, was cancelled or is degraded stands beside the answer that was there, which is never lost. One that was resumed is itself.
*/
export function turnsAfter(
	before: readonly TurnView[],
	turn: TurnView,
): readonly TurnView[] {
	const turns = before.filter(({runId}) => runId !== turn.runId);
	const last = turns.at(-1);
	const isReplaced =
		turn.kind !== 'ask' && last !== undefined && rankOf(turn) >= rankOf(last);

	return [...(isReplaced ? turns.slice(0, -1) : turns), turn];
}

/**
No answer, one that stands for want of a better, a whole one.
*/
function rankOf({result}: TurnView): number {
	if (typeof result?.answer !== 'string' || result.status === 'cancelled') {
		return 0;
	}

	return result.status === 'degraded' ? 1 : 2;
}

/**
The turns of a conversation from the pictures of its runs, in order.
*/
export function turnsOf(pictures: readonly RunState[]): readonly TurnView[] {
	let turns: readonly TurnView[] = [];

	for (const picture of pictures) {
		const turn = turnViewOf(picture);
		turns = turn ? turnsAfter(turns, turn) : turns;
	}

	return turns;
}
