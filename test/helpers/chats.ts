import {type RunEvent, type RunKind} from '../../source/core/events.js';
import {type RunStatus} from '../../source/core/result.js';
import {runOf} from './events.js';

export type Asked = {
	readonly id: string;
	readonly chat: string;
	readonly at: number;
	readonly turn?: number;
	readonly previous?: string | null;
	readonly derivedFrom?: string | null;
	readonly status?: RunStatus;
	readonly kind?: RunKind;
	readonly prompt?: string;
	readonly answer?: string | null;
	readonly name?: string;
	readonly costUsd?: number | null;
	readonly costIsComplete?: boolean;
};

/**
The events of a run that belongs to a conversation.
*/
export function eventsOf({
	id,
	chat,
	at,
	turn = 1,
	previous = null,
	derivedFrom = null,
	status = 'converged',
	kind = 'ask',
	prompt = 'What?',
	answer = 'That.',
	name = 'duo',
	costUsd = 0.5,
	costIsComplete = true,
}: Asked): RunEvent[] {
	return runOf(id, {prompt}).map(event => {
		const told = {...event, t: at + event.seq};

		switch (told.type) {
			case 'run-start': {
				const consortium = {...told.consortium, name};
				return {
					...told,
					conversationId: chat,
					turn,
					previousRunId: previous,
					kind,
					derivedFrom,
					consortium,
				};
			}

			case 'run-end': {
				const sums = {costUsd, costIsComplete};
				const result = {
					...told.result,
					...sums,
					answer,
					status,
					conversationId: chat,
				};
				return {...told, result};
			}

			default: {
				return told;
			}
		}
	});
}
