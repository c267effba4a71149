import {closest} from '../core/closest.js';
import {type AppState, type Step} from './app-state.js';
import {aboutAnswer} from './about-answer.js';
import {commands, type CommandId} from './commands.js';
import {prepended} from './composer/composer.js';
import {helpSections, keysOfCommands} from './keymap.js';
import {confirmOf} from './overlays/confirm.js';
import {conversationsOf} from './overlays/conversations.js';
import {costsOf} from './overlays/costs.js';
import {helpOf} from './overlays/help.js';
import {keyEntryOf} from './overlays/key-entry.js';
import {type Overlay} from './overlays/overlay.js';
import {paletteOf} from './overlays/palette.js';
import {switcherOf} from './overlays/switcher.js';
import {type Request} from './requests.js';
import {edited} from './edit-step.js';
import {themeNames} from './theme.js';
import {told} from './told.js';

/**
Do what a command says, or ask the outside for it.
*/
export function commandStep(
	state: AppState,
	id: CommandId,
	argument = '',
): Step {
	const ask = (...requests: Request[]): Step => ({state, requests});
	const open = (overlay: Overlay, ...requests: Request[]): Step => ({
		state: {...state, overlays: [...state.overlays, overlay]},
		requests,
	});

	switch (id) {
		case 'help': {
			return open(helpOf(helpSections()));
		}

		case 'palette': {
			return open(
				paletteOf(
					commands.filter(command => command.id !== 'palette'),
					keysOfCommands(),
				),
			);
		}

		case 'conversations': {
			return open(conversationsOf(), {
				type: 'load',
				what: {kind: 'conversations', query: '', before: null},
			});
		}

		case 'cost':
		case 'runs': {
			return open(costsOf(), {type: 'load', what: {kind: 'spending'}});
		}

		case 'key': {
			return /^[a-z\d-]{0,30}$/.test(argument)
				? open(keyEntryOf(argument || null), {
						type: 'load',
						what: {kind: 'keys'},
					})
				: told(
						state,
						'The key itself is typed in a field of its own, where nobody sees it: /key PROVIDER',
					);
		}

		case 'switch': {
			return argument === ''
				? open(switcherOf(state.choices, state.choice), {
						type: 'load',
						what: {kind: 'consortiums'},
					})
				: switchTo(state, argument);
		}

		case 'save':
		case 'edit': {
			return edited(state, id === 'save' ? argument : '');
		}

		case 'set': {
			return changedBy(state, argument);
		}

		case 'budget': {
			return argument === ''
				? told(state, 'Say how much, such as /budget 0.5, or /budget none.')
				: ask({type: 'set', key: 'budget', value: argument});
		}

		case 'new': {
			return state.running
				? told(state, 'A run is going on. Cancel it first (Esc), or wait.')
				: ask({type: 'new-conversation'});
		}

		case 'retry': {
			return retried(state, argument);
		}

		case 'good':
		case 'bad': {
			return hasResult(state)
				? ask({type: 'rate', score: id === 'good' ? 1 : 0})
				: told(state, 'There is no answer yet to be marked.');
		}

		case 'copy':
		case 'dissent':
		case 'raw': {
			return aboutAnswer(state, id);
		}

		case 'export': {
			return argument === ''
				? told(state, 'Name the file, such as /export chat.md')
				: ask({type: 'export', file: argument});
		}

		case 'theme':
		case 'bell': {
			return withSetting(state, id, argument);
		}

		case 'recall': {
			return recalled(state);
		}

		case 'cancel': {
			return state.running
				? ask({type: 'cancel'})
				: told(state, 'No run is going on.');
		}

		case 'answer-now':
		case 'judge-again':
		case 'edit-draft':
		case 'redraw':
		case 'suspend': {
			return ask({type: id});
		}

		case 'leave': {
			return state.running
				? open(
						confirmOf(
							'A run is going on. Cancel it and leave? What was received is in the log.',
							{type: 'leave'},
						),
					)
				: ask({type: 'leave'});
		}
	}
}

/**
The step of a line that begins with a slash; null when no command has that name.
*/
export function slashStep(state: AppState, text: string): Step | null {
	const [name, ...rest] = text.slice(1).split(/\s/);
	const argument = rest.join(' ');
	const command = commands.find(({slash}) => slash === name);
	return command ? commandStep(state, command.id, argument.trim()) : null;
}

/**
What to say of a slash command that does not exist.
*/
export function unknownCommand(text: string): string {
	const [name] = text.slice(1).split(/\s/, 1);

	if (name === 'continue') {
		return 'Continuing an earlier conversation is not in this version yet; Ctrl+O opens them to be read.';
	}

	const all = commands.flatMap(({slash}) => slash ?? []);
	return `There is no command /${name!}. Type / for all of them.${closest(name!, all)}`;
}

const hasResult = ({turns}: AppState) =>
	turns.at(-1)?.result?.answer !== null && turns.length > 0;

function switchTo(state: AppState, name: string): Step {
	const choice = state.choices.find(each => each.consortium.name === name);

	return choice
		? {state, requests: [{type: 'switch', choice}]}
		: told(
				state,
				`There is no consortium called "${name}".${closest(
					name,
					state.choices.map(({consortium}) => consortium.name),
				)}`,
			);
}

function changedBy(state: AppState, argument: string): Step {
	const [, key, value] = /^([\w-]+)[\s=]+(?=[^\s=])(.+)$/s.exec(argument) ?? [];

	return key !== undefined && value !== undefined
		? {state, requests: [{type: 'set', key, value}]}
		: told(
				state,
				'Say what to change, such as /set confidence-threshold=90% or /set max-iterations=5.',
			);
}

/**
Ask an instance again by its number; without one, all that gave no answer.
*/
function retried(state: AppState, argument: string): Step {
	const number = Number(argument);
	const named = state.instances[number - 1];

	if (argument !== '' && named === undefined) {
		return told(
			state,
			`There is no instance ${argument}; they are numbered from 1 to ${state.instances.length}.`,
		);
	}

	return {
		state,
		requests: [{type: 'retry', instances: named === undefined ? [] : [named]}],
	};
}

function withSetting(
	state: AppState,
	id: 'theme' | 'bell',
	argument: string,
): Step {
	const themes: readonly string[] = ['auto', ...themeNames];
	const {settings} = state;

	if (id === 'bell' && (argument === 'on' || argument === 'off')) {
		const changed = {...settings, bell: argument === 'on'};
		return {
			state: {...state, settings: changed},
			requests: [{type: 'settings', settings: changed}],
		};
	}

	if (id === 'theme' && themes.includes(argument)) {
		const changed = {...settings, theme: argument as typeof settings.theme};
		return {
			state: {...state, settings: changed},
			requests: [{type: 'settings', settings: changed}],
		};
	}

	return told(
		state,
		id === 'theme'
			? `Choose one: ${themes.map(each => `/theme ${each}`).join(', ')}`
			: 'Choose one: /bell on, /bell off',
	);
}

/**
Take the message that was queued last back into the box, before what is typed there.
*/
function recalled(state: AppState): Step {
	const text = state.queue.at(-1);

	return {
		state:
			text === undefined
				? state
				: {
						...state,
						queue: state.queue.slice(0, -1),
						focus: 'composer',
						composer: prepended(state.composer, text),
					},
		requests: [],
	};
}
