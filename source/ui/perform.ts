import {type Notice} from './app-state.js';
import {type AppStore} from './app-store.js';
import {textOf} from './composer/composer.js';
import {latestCall} from './latest-call.js';
import {leavingText} from './leaving.js';
import {type Loaded, type Request, type Wanted} from './requests.js';
import {type RunStore} from './run-store.js';
import {type Runner} from './runner.js';
import {type Services} from './services.js';
import {type Terminal} from './terminal.js';
import {turnsOf} from './turn-view.js';

export type Surroundings = {
	readonly services: Services;
	readonly store: AppStore;
	readonly runs: RunStore;
	readonly runner: Runner;
	readonly terminal: Terminal;
};

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

		case 'answer-now': {
			runner.answerNow();
			break;
		}

		case 'stop': {
			runner.stop(request.instance);
			break;
		}

		case 'retry': {
			runner.retry(request.instances);
			break;
		}

		case 'swap': {
			runner.swap(request.instance, request.model);
			break;
		}

		case 'leave-out': {
			runner.leaveOut(request.instance);
			break;
		}

		case 'judge-again': {
			runner.judgeAgain();
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
		case 'save':
		case 'remove':
		case 'make-default':
		case 'set':
		case 'store-key': {
			await onConfiguration(request, surroundings);
			break;
		}

		case 'load': {
			await load(request.what, surroundings);
			break;
		}

		default: {
			await onConversation(request, surroundings);
		}
	}
}

async function onConversation(
	request: RequestOf<
		| 'rate'
		| 'new-conversation'
		| 'open-conversation'
		| 'settings'
		| 'remember'
		| 'export'
	>,
	{services, store, runner}: Surroundings,
): Promise<void> {
	switch (request.type) {
		case 'rate': {
			const {runId} = store.state().turns.at(-1)!;
			await services.rate(runId, null, request.score);
			store.dispatch({type: 'rated', runId, score: request.score});
			break;
		}

		case 'new-conversation': {
			runner.forget();
			store.dispatch({type: 'cleared'});
			break;
		}

		case 'open-conversation': {
			const pictures = await services.openConversation(request.id);
			store.dispatch({type: 'reading', turns: turnsOf(pictures)});
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
			const {turns} = store.state();
			const text = request.file.endsWith('.json')
				? `${JSON.stringify(
						turns.flatMap(({result}) => result ?? []),
						null,
						'\t',
					)}\n`
				: leavingText(turns, {width: 80, continueWith: null});
			const path = await services.writeFile(request.file, text);
			tell(store, `Written to ${path}`, 'good');
			break;
		}
	}
}

async function onConfiguration(
	request: RequestOf<
		'switch' | 'save' | 'remove' | 'make-default' | 'set' | 'store-key'
	>,
	surroundings: Surroundings,
): Promise<void> {
	const {services, store, runner} = surroundings;

	switch (request.type) {
		case 'switch': {
			const {choice} = request;
			const what = runner.onSwitch(choice);
			store.dispatch({type: 'chose', choice});
			tell(
				store,
				[`Now: ${choice.consortium.name}.`, what].filter(Boolean).join(' '),
			);
			break;
		}

		case 'save': {
			await save(request, surroundings);
			break;
		}

		case 'remove': {
			await services.removeConsortium(request.name);
			await load({kind: 'consortiums'}, surroundings);
			tell(store, `Removed ${request.name}.`);
			break;
		}

		case 'make-default': {
			await services.makeDefault(request.name);
			await load({kind: 'consortiums'}, surroundings);
			tell(store, `${request.name} is the default now.`);
			break;
		}

		case 'set': {
			const {key, value} = request;
			const {choice} = store.state();

			if (choice) {
				const consortium = await services.changed(
					choice.consortium,
					key,
					value,
				);
				store.dispatch({
					type: 'chose',
					choice: {kind: 'changed', consortium, isDefault: false},
				});
				tell(store, `${key} is ${value} until you leave; /save keeps it.`);
			}

			break;
		}

		case 'store-key': {
			await services.storeKey(request.provider, request.key);
			const stored = `The key of ${request.provider} is stored.`;

			// Whoever had nothing but the demo can ask real models now.
			if (store.state().isKeyless) {
				const {choice} = await services.open();
				store.dispatch({type: 'chose', choice});
				tell(store, `${stored} Now: ${choice.consortium.name}.`, 'good');
			} else {
				tell(store, stored, 'good');
			}

			break;
		}
	}
}

async function save(
	{consortium, replaces}: RequestOf<'save'>,
	surroundings: Surroundings,
): Promise<void> {
	const {services, store} = surroundings;
	await services.saveConsortium(consortium, replaces);
	await load({kind: 'consortiums'}, surroundings);
	const {choice, choices} = store.state();
	const inUse = choice?.consortium.name;
	const saved = choices.find(each => each.consortium.name === consortium.name);

	// What is in use stays in use, as it is saved now; so does what was in use without being saved.
	if (
		saved &&
		(inUse === consortium.name ||
			inUse === replaces ||
			(choice?.kind !== 'saved' && replaces === null))
	) {
		store.dispatch({type: 'chose', choice: saved});
	}

	tell(store, `Saved ${consortium.name}.`, 'good');
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
						? 'Copied.'
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

async function load(
	what: Wanted,
	surroundings: Pick<Surroundings, 'services' | 'store' | 'terminal'>,
): Promise<void> {
	const {store} = surroundings;
	store.dispatch({type: 'loaded', loaded: await loaded(what, surroundings)});
}

async function loaded(
	what: Wanted,
	{services, terminal}: Pick<Surroundings, 'services' | 'terminal'>,
): Promise<Loaded> {
	switch (what.kind) {
		case 'consortiums': {
			return {kind: 'consortiums', choices: await services.consortiums()};
		}

		case 'models': {
			return {kind: 'models', models: await services.models()};
		}

		case 'keys': {
			return {kind: 'keys', keys: await services.keys()};
		}

		case 'check': {
			const {consortium} = what;
			const check = await services.checkConsortium(consortium);
			return {kind: 'check', consortium, check};
		}

		case 'edited': {
			const {text: before} = what;
			const text = await terminal.lend(async () => services.editText(before));
			return {kind: 'edited', before, text};
		}

		case 'conversations': {
			const {query, before} = what;
			const entries = await services.conversations(query, before);
			return {kind: 'conversations', query, before, entries};
		}
	}
}

function tell(
	{dispatch}: AppStore,
	text: string,
	tone: Notice['tone'] = 'plain',
): void {
	dispatch({type: 'told', notice: {text, tone}});
}

const textOfCall = (runs: RunStore, instance: string) =>
	latestCall(runs.picture(), instance)?.text ?? '';
