import {type RunEvent} from '../core/events.js';
import {type Statements} from './statements.js';

export type EventOf<Type extends RunEvent['type']> = Extract<
	RunEvent,
	{readonly type: Type}
>;

/**
What every writer of rows needs.
*/
export type Writing = {
	readonly statements: Statements;
	readonly json: (value: unknown) => string;

	/**
	Null stays null, to be found with IS NULL.
	*/
	readonly jsonOrNull: (value: unknown) => string | null;
};
