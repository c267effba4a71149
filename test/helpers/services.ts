import {type TestContext} from 'node:test';
import {createServices} from '../../source/commands/chat/services.js';
import {consortiumFlags} from '../../source/commands/consortium-flags.js';
import {conversationFlags} from '../../source/commands/conversation-flags.js';
import {parseArguments} from '../../source/commands/parse.js';
import {type Services} from '../../source/ui/services.js';
import {placeAt} from './place.js';
import {emptyFolder} from './program.js';

const flags = {
	...consortiumFlags,
	...conversationFlags,
	noLog: {type: 'boolean', meaning: 'As chat has it.'},
} as const;

/**
The app's services in a folder of their own, as they are made for these words of a command line.
*/
export function servicesAt(
	t: TestContext,
	{
		home = emptyFolder(),
		env = {},
		words = [],
		isDebug = false,
	}: {
		readonly home?: string;
		readonly env?: Readonly<Record<string, string>>;
		readonly words?: readonly string[];
		readonly isDebug?: boolean;
	} = {},
): {
	readonly home: string;
	readonly services: Services;
	readonly close: () => Promise<string | null>;

	/**
	What they told the person beside their answers.
	*/
	readonly notices: readonly string[];
} {
	const notices: string[] = [];
	const place = placeAt({home});
	const {services, close} = createServices(
		{...place, isDebug, environment: {...place.environment, ...env}},
		parseArguments(words, flags).flags,
		{
			onNotice(text) {
				notices.push(text);
			},
		},
	);
	t.after(close);

	return {home, services, close, notices};
}
