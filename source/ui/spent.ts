import {type RunState} from '../core/run-state.js';
import {type AppState} from './app-state.js';

/**
What there is to know of the money and the tokens of a conversation.
*/
export type Spent = {
	/**
	Its runs, in order; the last one may go on.
	*/
	readonly pictures: readonly RunState[];

	/**
	The one that goes on; null when none does.
	*/
	readonly liveRunId: string | null;

	/**
	US dollars; null for no limit.
	*/
	readonly dailyLimitUsd: number | null;
};

/**
`picture` is that of the run on the screen. A run that was resumed is among those that have settled, as it was then.
*/
export function spentOf(
	{runs, running, settings}: Pick<AppState, 'runs' | 'running' | 'settings'>,
	picture: RunState,
): Spent {
	const settled = runs.map(run => run.picture);
	const isAmong = settled.some(({runId}) => runId === picture.runId);

	return {
		pictures: isAmong
			? settled.map(each => (each.runId === picture.runId ? picture : each))
			: picture.start
				? [...settled, picture]
				: settled,
		liveRunId: running ? picture.runId : null,
		dailyLimitUsd: settings.dailyLimitUsd,
	};
}
