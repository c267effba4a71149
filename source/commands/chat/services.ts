import path from 'node:path';
import {restoreConversation} from '../../core/conversation.js';
import {type Services} from '../../ui/services.js';
import {type Place} from '../command.js';
import {createOutside, type ServiceFlags} from './outside.js';
import {createSessionLog} from './session-log.js';

/**
All the app asks of the world. Making it reads nothing: what a service needs is loaded when it is first used. `onNotice` hears, in sentences, what goes wrong beside what was asked for. `close` is called when no run goes on any more; it says so when something could not be kept.
*/
export function createServices(
	place: Place,
	flags: ServiceFlags,
	{onNotice}: {readonly onNotice: (text: string) => void},
): {
	readonly services: Services;
	readonly close: () => Promise<string | null>;
} {
	const outside = createOutside(place, flags, onNotice);
	const log = createSessionLog(outside);
	const {world, folders} = outside;

	// What may not be kept is forgotten with the session.
	const unkept: string[] = [];

	const services: Services = {
		async open(wanted = null) {
			const {openApp} = await import('./opening.js');
			return openApp(outside, log, wanted);
		},
		async findLocal() {
			const {findLocal} = await import('./opening.js');
			return findLocal(outside);
		},
		async consortiums() {
			const {consortiumChoices} = await import('./choices.js');
			return consortiumChoices(outside);
		},
		async saveConsortium(consortium, replaces) {
			const {saveConsortium} = await import('./consortiums.js');
			await saveConsortium(outside, consortium, replaces);
		},
		async removeConsortium(name) {
			const {removeConsortium} = await import('./consortiums.js');
			await removeConsortium(outside, name);
		},
		async makeDefault(name) {
			const {makeDefault} = await import('./consortiums.js');
			await makeDefault(outside, name);
		},
		async changed(consortium, key, value) {
			const {withChangedOption} = await import('./change-option.js');
			const {config} = await outside.look();
			return withChangedOption(
				consortium,
				{key, value},
				{config, prompts: path.join(outside.folders.config, 'prompts')},
			);
		},
		async checkConsortium(consortium) {
			const {checkConsortium} = await import('./consortiums.js');
			return checkConsortium(outside, log, consortium);
		},
		async models() {
			const {modelEntries} = await import('./providers.js');
			return modelEntries(outside);
		},
		async keys() {
			const {keyEntries} = await import('./providers.js');
			return keyEntries(outside);
		},
		async storeKey(provider, key) {
			const {storeKey} = await import('./providers.js');
			await storeKey(outside, provider, key);
		},
		newConversation: (after = []) =>
			restoreConversation(world, world.newId(), after),
		async rereadUsd(model, tokens) {
			const {rereadUsd} = await import('./providers.js');
			return rereadUsd(outside, {model, tokens});
		},
		async spentToday() {
			return log.read(async open => {
				const {spentTodayUsd} = await import('../../store/purse.js');
				return spentTodayUsd(open, world.now());
			});
		},
		async run(request, listen) {
			const {runRequest} = await import('./run-request.js');
			return runRequest(outside, log, request, listen);
		},
		async rate(runId, callId, score) {
			const [at, id] = [world.now(), world.newId()];
			await log.write(async open => {
				const {rate} = await import('../../store/ratings.js');
				rate(open, {runId, callId, score, at, id});
			});
		},
		async conversations(query, before) {
			const {listConversations} = await import('../../store/conversations.js');
			const {isBrokenOff} = await import('../../store/broken-off.js');
			const found = await log.read(async open => {
				const page = await listConversations(open, query, before);
				return page.map(entry => ({
					...entry,
					isBrokenOff: !entry.isImported && isBrokenOff(open, entry.id),
				}));
			});
			return found ?? [];
		},
		async openConversation(id) {
			const {readChain} = await import('../../store/chains.js');
			const found = await log.read(async open => readChain(open, id));
			return found ?? [];
		},
		async readImported(id) {
			const {importedText} = await import('./imported-text.js');
			return importedText(log, id);
		},
		async continueConversation(id, afterTurn) {
			const {continueFrom} = await import('./continuing.js');
			return continueFrom(outside, log, {id, afterTurn});
		},
		async renameConversation(id, name) {
			await log.write(async open => {
				const {renameConversation} = await import('../../store/names.js');
				renameConversation(open, id, name);
			});
		},
		async deleteConversation(id) {
			const deletion = {
				id: world.newId(),
				now: world.now(),
				what: `the conversation ${id}`,
			};
			await log.write(async open => {
				const {deleteLogged} = await import('../../store/trash.js');
				deleteLogged(open, {kind: 'conversation', id}, deletion);
			});
		},
		async restoreConversation(id) {
			await log.write(async open => {
				const {undoConversation} = await import('../../store/trash-undo.js');
				const {hideConversation} = await import('../../store/names.js');

				if (!undoConversation(open, id)) {
					hideConversation(open, id, null);
				}
			});
		},
		async doubts(after) {
			const {doubtPage} = await import('./doubts.js');
			return doubtPage(log, after);
		},
		async decideDoubt(id, choice) {
			await log.write(async open => {
				const {decide} = await import('../../store/backfill/doubts.js');
				decide(open, id, {choice}, world.now());
			});
		},
		async undoDecision(id) {
			let undone: string | null = null;
			await log.write(async open => {
				const {latestDecision, undoDecision} =
					await import('../../store/backfill/doubts.js');
				undone = id ?? latestDecision(open);

				if (undone !== null) {
					undoDecision(open, undone);
				}
			});
			return undone;
		},
		async history() {
			const {readHistory} = await import('../../config/history.js');
			return [...readHistory(folders.data), ...unkept];
		},
		async remember(text) {
			if (!log.isOn()) {
				unkept.push(text);
				return;
			}

			const {appendHistory} = await import('../../config/history.js');
			await appendHistory(folders.data, text);
		},
		async editText(text) {
			const {editText} = await import('./files.js');
			return editText(place, text);
		},
		async document(form, runs) {
			const {documentOf} = await import('./files.js');
			return documentOf(form, runs);
		},
		async writeFile(file, text) {
			const {writeNewFile} = await import('./files.js');
			return writeNewFile(place, file, text);
		},
		async saveSettings(settings) {
			await outside.change(config => ({
				...config,
				settings: {...config.settings, ...settings},
			}));
		},
	};

	return {
		services,
		async close() {
			return (await log.close())
				? null
				: 'The last of what was said could not be written to the log: see consortium-tui doctor.';
		},
	};
}
