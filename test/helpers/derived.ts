import {createConversation} from '../../source/core/conversation.js';
import {type Derived} from '../../source/core/derive.js';
import {type RunEvent} from '../../source/core/events.js';
import {emptyRun, foldRun, type RunState} from '../../source/core/run-state.js';
import {play} from './play.js';
import {stillWorld} from './world.js';

type Options = NonNullable<Parameters<typeof play>[1]>;

/**
The picture of a run; with `run`, of one whose beginning is known.
*/
export function pictureOf(
	events: readonly RunEvent[],
	run: RunState = emptyRun(),
): RunState {
	for (const event of events) {
		foldRun(run, event);
	}

	return run;
}

/**
One conversation in which runs are made from one another.
*/
export function createTable(cast: Parameters<typeof play>[0]) {
	const world = stillWorld();
	const conversation = createConversation(world);
	const shared = {world, conversation};

	return {
		...shared,
		ask: async (options: Options = {}) => play(cast, {...shared, ...options}),
		async derive(
			kind: Derived['kind'],
			events: readonly RunEvent[],
			options: Options & {
				readonly redo?: Readonly<Record<string, string | null>>;
			} = {},
		) {
			const {redo = {}, ...rest} = options;
			return play(cast, {
				...shared,
				...rest,
				from: {
					kind,
					run: pictureOf(events),
					redo: Object.entries(redo).map(([instance, model]) => ({
						instance,
						model,
					})),
				},
			});
		},
	};
}
