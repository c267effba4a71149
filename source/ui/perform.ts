import {textOf} from './composer/composer.js';
import {configure} from './configure.js';
import {converse} from './converse.js';
import {decide} from './decide.js';
import {latestCall} from './latest-call.js';
import {leavingText} from './leaving.js';
import {load} from './load.js';
import {reach} from './reach.js';
import {type Request} from './requests.js';
import {type RunStore} from './run-store.js';
import {tell} from './runner.js';
import {type Surroundings} from './surroundings.js';

type RequestOf<Type extends Request['type']> = Extract<
	Request,
	{readonly type: Type}
>;

/**
Do what the screen asked for.

@throws UserError with a sentence for the person.
*/
export async function perform(
	request: Request,
	surroundings: Surroundings,
): Promise<void> {
	const {runner} = surroundings;

	switch (request.type) {
		case 'send': {
			runner.send(request.text);
			break;
		}

		case 'cancel': {
			runner.cancel();
			break;
		}

		case 'trust': {
			runner.answerTrust(request.isTrusted);
			break;
		}

		case 'answer-now':
		case 'stop':
		case 'retry':
		case 'swap':
		case 'leave-out':
		case 'judge-again': {
			await reach(request, surroundings);
			break;
		}

		case 'copy':
		case 'copy-pane':
		case 'view':
		case 'view-pane':
		case 'edit-draft':
		case 'redraw':
		case 'suspend':
		case 'leave': {
			await onTerminal(request, surroundings);
			break;
		}

		case 'switch':
		case 'use':
		case 'save':
		case 'remove':
		case 'make-default':
		case 'set':
		case 'store-key': {
			await configure(request, surroundings);
			break;
		}

		case 'decide-doubt':
		case 'undo-decision': {
			await decide(request, surroundings);
			break;
		}

		case 'load': {
			await load(request.what, surroundings);
			break;
		}

		case 'rate':
		case 'settings':
		case 'remember':
		case 'export': {
			await keep(request, surroundings);
			break;
		}

		default: {
			await converse(request, surroundings);
		}
	}
}

async function keep(
	request: RequestOf<'rate' | 'settings' | 'remember' | 'export'>,
	surroundings: Surroundings,
): Promise<void> {
	const {services, store} = surroundings;

	switch (request.type) {
		case 'rate': {
			const {runId} = store.state().turns.at(-1)!;
			await services.rate(runId, null, request.score);
			store.dispatch({type: 'rated', runId, score: request.score});
			break;
		}

		case 'settings': {
			await services.saveSettings(request.settings);
			break;
		}

		case 'remember': {
			await services.remember(request.text);
			break;
		}

		case 'export': {
			const text = await exported(request.file, surroundings);
			const path = await services.writeFile(request.file, text);
			tell(store, `Written to ${path}`, 'good');
			break;
		}
	}
}

/**
The conversation as the ending of a file's name says; as the terminal is left with it where that says nothing.
*/
async function exported(
	file: string,
	{services, store, runner}: Surroundings,
): Promise<string> {
	const {turns} = store.state();
	const [ending] = /\.\w+$/.exec(file.toLowerCase()) ?? [];

	switch (ending) {
		case '.json': {
			const results = turns.flatMap(({result}) => result ?? []);
			return `${JSON.stringify(results, null, '\t')}\n`;
		}

		case '.html':
		case '.htm': {
			return services.document('html', runner.pictures());
		}

		case '.md':
		case '.markdown': {
			return services.document('markdown', runner.pictures());
		}

		default: {
			return leavingText(turns, {width: 80, continueWith: null});
		}
	}
}

async function onTerminal(
	request: RequestOf<
		| 'copy'
		| 'copy-pane'
		| 'view'
		| 'view-pane'
		| 'edit-draft'
		| 'redraw'
		| 'suspend'
		| 'leave'
	>,
	{services, store, runs, terminal}: Surroundings,
): Promise<void> {
	switch (request.type) {
		case 'copy':
		case 'copy-pane': {
			const text =
				request.type === 'copy'
					? request.text
					: textOfCall(runs, request.instance);
			tell(
				store,
				text === ''
					? 'There is nothing to copy yet.'
					: terminal.copy(text)
						? `Sent to the clipboard: ${text.length} characters.`
						: 'It is too long for a terminal to copy; e opens it in your editor.',
			);
			break;
		}

		case 'view':
		case 'view-pane': {
			const text =
				request.type === 'view'
					? request.text
					: textOfCall(runs, request.instance);
			await terminal.lend(async () => services.editText(text));
			break;
		}

		case 'edit-draft': {
			const draft = textOf(store.state().composer);
			const text = await terminal.lend(async () => services.editText(draft));

			if (text !== null) {
				store.dispatch({type: 'draft', text: text.replace(/\n$/, '')});
			}

			break;
		}

		case 'redraw': {
			terminal.redraw();
			break;
		}

		case 'suspend': {
			await terminal.suspend();
			break;
		}

		case 'leave': {
			terminal.leave();
			break;
		}
	}
}

const textOfCall = (runs: RunStore, instance: string) =>
	latestCall(runs.picture(), instance)?.text ?? '';
