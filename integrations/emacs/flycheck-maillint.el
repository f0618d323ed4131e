;;; flycheck-maillint.el --- Flycheck for Postfix's main.cf and master.cf  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "27.1") (flycheck "32"))
;; Version: 1.0
;; Keywords: tools, mail

;;; Commentary:

;; Judges the text of the buffer as it stands.  In the init file:
;;
;;   (require 'flycheck-maillint)
;;   (add-hook 'conf-mode-hook #'flycheck-mode)

;;; Code:

(require 'flycheck)

(flycheck-define-checker maillint
  "Checks Postfix's main.cf and master.cf."
  :command ("maillint" "check" "--format" "concise" "--stdin-filename" source-original "-")
  :standard-input t
  :error-patterns
  ((error line-start (file-name) ":" line ":" column ": error: "
          (message) " [" (id (+ (any "a-z0-9-"))) "]" line-end)
   (warning line-start (file-name) ":" line ":" column ": warning: "
            (message) " [" (id (+ (any "a-z0-9-"))) "]" line-end)
   (info line-start (file-name) ":" line ":" column ": info: "
         (message) " [" (id (+ (any "a-z0-9-"))) "]" line-end))
  :modes (conf-mode conf-unix-mode conf-space-mode conf-colon-mode)
  :predicate
  (lambda ()
    (and buffer-file-name
         (string-match-p "\\`\\(?:main\\|master\\)\\.cf\\'"
                         (file-name-nondirectory buffer-file-name)))))

(add-to-list 'flycheck-checkers 'maillint)

(provide 'flycheck-maillint)
;;; flycheck-maillint.el ends here
