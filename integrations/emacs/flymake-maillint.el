;;; flymake-maillint.el --- Flymake for Postfix's main.cf and master.cf  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "27.1"))
;; Version: 1.0
;; Keywords: tools, mail

;;; Commentary:

;; Judges the text of the buffer as it stands.  In the init file:
;;
;;   (require 'flymake-maillint)
;;   (add-hook 'conf-mode-hook #'flymake-maillint-setup)

;;; Code:

(require 'flymake)
(require 'json)

(defgroup flymake-maillint nil
  "Flymake for Postfix's main.cf and master.cf."
  :group 'flymake)

(defcustom flymake-maillint-program "maillint"
  "The program to run."
  :type 'string)

(defcustom flymake-maillint-options nil
  "More options for `maillint check'."
  :type '(repeat string))

(defvar-local flymake-maillint--process nil
  "The process that judges this buffer.")

;;;###autoload
(defun flymake-maillint-setup ()
  "Let Flymake judge this buffer, if its file is a main.cf or master.cf."
  (when (and buffer-file-name
             (string-match-p "\\`\\(?:main\\|master\\)\\.cf\\'"
                             (file-name-nondirectory buffer-file-name)))
    (add-hook 'flymake-diagnostic-functions #'flymake-maillint nil t)
    (flymake-mode)))

(defun flymake-maillint (report-fn &rest _)
  "Judge the current buffer, and call REPORT-FN with what was found."
  (unless (executable-find flymake-maillint-program)
    (error "Cannot find %s" flymake-maillint-program))
  (when (process-live-p flymake-maillint--process)
    (kill-process flymake-maillint--process))
  (let* ((source (current-buffer))
         (errors (generate-new-buffer " *flymake-maillint-errors*"))
         (process
          (make-process
           :name "flymake-maillint"
           :buffer (generate-new-buffer " *flymake-maillint*")
           :stderr errors
           :command `(,flymake-maillint-program
                      "check" "--format" "json" ,@flymake-maillint-options
                      "--stdin-filename" ,(or buffer-file-name "main.cf") "-")
           :connection-type 'pipe
           :noquery t
           :sentinel
           (lambda (process _event)
             (unless (process-live-p process)
               (unwind-protect
                   (when (and (buffer-live-p source)
                              (eq process (buffer-local-value 'flymake-maillint--process source)))
                     (flymake-maillint--report process source errors report-fn))
                 (kill-buffer (process-buffer process))
                 (kill-buffer errors)))))))
    (setq flymake-maillint--process process)
    (set-process-query-on-exit-flag (get-buffer-process errors) nil)
    (set-process-sentinel (get-buffer-process errors) #'ignore)
    (save-restriction
      (widen)
      (process-send-region process (point-min) (point-max)))
    (process-send-eof process)))

(defun flymake-maillint--report (process source errors report-fn)
  "Give REPORT-FN what PROCESS printed about the buffer SOURCE.
Without a report, what it wrote to the buffer ERRORS tells why."
  (with-current-buffer (process-buffer process)
    (goto-char (point-min))
    (if (eobp)
        (funcall report-fn :panic :explanation
                 (with-current-buffer errors (string-trim (buffer-string))))
      (let* ((json-array-type 'list)
             (findings (alist-get 'findings (json-read))))
        (funcall report-fn
                 (with-current-buffer source
                   (mapcar #'flymake-maillint--diagnostic findings)))))))

(defun flymake-maillint--diagnostic (finding)
  "FINDING, an object of the report, about the current buffer."
  (let-alist finding
    (let ((start (flymake-maillint--position .start))
          (end (flymake-maillint--position .end)))
      (flymake-make-diagnostic
       (current-buffer)
       start
       ;; What is only missing has no text to mark; Flymake shows nothing without.
       (min (max end (1+ start)) (1+ (buffer-size)))
       (pcase .severity
         ("error" :error)
         ("warning" :warning)
         (_ :note))
       (concat .message (and .mend (concat "\nMend: " .mend)) " [" .rule "]")))))

(defun flymake-maillint--position (place)
  "The position in the current buffer of PLACE, an object with line and column."
  (let-alist place
    (save-excursion
      (save-restriction
        (widen)
        (goto-char (point-min))
        (forward-line (1- .line))
        (min (+ (point) (1- .column)) (line-end-position))))))

(provide 'flymake-maillint)
;;; flymake-maillint.el ends here
