/**
For the clients, in milliseconds: the timer's largest delay. The watchdog alone decides how long to wait.
*/
export const noTimeout = 2_147_483_647;
