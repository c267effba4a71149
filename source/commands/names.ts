import {type Command} from './command.js';

type Load = () => Promise<Command>;

/**
Every command with what loads it; nothing of a command is read before it is chosen.
*/
export const commands: Readonly<Record<string, Load>> = {
	chat: async () => (await import('./chat.js')).chat,
	run: async () => (await import('./run.js')).run,
	save: async () => (await import('./save.js')).save,
	list: async () => (await import('./list.js')).list,
	show: async () => (await import('./show.js')).show,
	edit: async () => (await import('./edit.js')).edit,
	clone: async () => (await import('./clone.js')).clone,
	rename: async () => (await import('./rename.js')).rename,
	remove: async () => (await import('./remove.js')).remove,
	default: async () => (await import('./default.js')).defaultCommand,
	export: async () => (await import('./export.js')).exportCommand,
	import: async () => (await import('./import.js')).importCommand,
	strategies: async () => (await import('./strategies.js')).strategies,
	validate: async () => (await import('./validate.js')).validate,
	models: async () => (await import('./models.js')).models,
	endpoints: async () => (await import('./endpoints.js')).endpoints,
	doctor: async () => (await import('./doctor.js')).doctor,
	completion: async () =>
		(await import('./completion.js')).completionOf(commands),
	keys: async () => (await import('./keys.js')).keys,
	logs: async () => (await import('./logs.js')).logs,
	runs: async () => (await import('./runs.js')).runs,
};
