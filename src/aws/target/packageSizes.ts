/** Larger packages do not fit into the request (Lambda quota). */
export const directUploadBytes = 50 * 1024 * 1024;
