import {commands} from './commands.js';
import {type SlashCommand} from './composer/completion.js';

/**
The commands that can be typed after a slash.
*/
export const slashCommands: readonly SlashCommand[] = commands.flatMap(
	({slash, argument, title}) =>
		slash === null ? [] : [{name: slash, argument, title}],
);
